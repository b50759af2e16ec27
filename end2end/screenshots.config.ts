import { defineConfig } from '@playwright/test';

import { chromiumOptions, desktop, phone, url } from './support/environment';

/** Pictures of every page, for people to look at: `cargo xtask screenshots`. */
export default defineConfig({
  testDir: 'screenshots',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  reporter: 'list',
  timeout: 120_000,
  use: {
    baseURL: url,
    locale: 'es-MX',
    timezoneId: 'America/Mexico_City',
    launchOptions: chromiumOptions,
  },
  projects: [
    { name: '360', use: phone },
    { name: '1440', use: desktop },
  ],
});
