// What `cargo xtask test browser` tells the tests about the server it has started.

/** Where the server is reached, without a slash at the end. */
export const url = process.env.SURTIDOR_URL ?? 'http://127.0.0.1:8000';

/** The server's program, for its other commands. */
export const binary = process.env.SURTIDOR_BINARY ?? '../target/debug/surtidor';

/** The server's database. */
export const database = process.env.SURTIDOR_DATABASE_URL;

/** The folder into which the server writes its letters, one file for each reader. */
export const mailFolder = process.env.SURTIDOR_MAIL_DIR ?? '../.surtidor/mail';

/** How Chromium is started: the system's own, without what needs a network or a graphics card. */
export const chromiumOptions = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** A phone held in one hand. */
export const phone = {
  viewport: { width: 360, height: 800 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

/** A desk. */
export const desktop = { viewport: { width: 1440, height: 900 } };
