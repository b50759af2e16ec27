import { defineConfig } from '@playwright/test';

import { chromiumOptions, desktop, phone, url } from './support/environment';

/** Needs scripts: the camera, live pages, what islands do. */
const scripted = /@scripts/;
/** Says the same on every device: headers, transfers, texts. */
const once = /@once/;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  forbidOnly: true,
  fullyParallel: true,
  // One more than the least of cores: tests also wait, for a turn or for time to pass.
  workers: 3,
  retries: 0,
  reporter: 'list',
  timeout: 40_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: url,
    locale: 'es-MX',
    timezoneId: 'America/Mexico_City',
    // Playwright waits for things to stand still, which without scripts it cannot always tell.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: chromiumOptions,
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'phone', use: phone, grepInvert: once },
    { name: 'desktop', use: desktop },
    {
      name: 'phone without scripts',
      use: { ...phone, javaScriptEnabled: false },
      grepInvert: [scripted, once],
    },
    {
      name: 'desktop without scripts',
      use: { ...desktop, javaScriptEnabled: false },
      grepInvert: [scripted, once],
    },
  ],
});
