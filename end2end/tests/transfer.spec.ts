import type { Page, Response } from '@playwright/test';

import { become, open, states } from '../support/states';
import { expect, test } from '../support/test';

/** What the consumer's pages may load together, in bytes of brotli (wasm and scripts). */
const budget = 100_000;

test('the consumer’s pages load less than 100 KB of scripts, and never the till’s', {
  tag: ['@once', '@scripts'],
}, async ({ page, world, anotherBrowser }) => {
  const loaded = collectScripts(page);
  await become('consumer', page);
  for (const state of [...states.nobody, ...states.consumer].filter(({ status }) => !status)) {
    if (typeof state.at === 'string') {
      await open(state, world, page, anotherBrowser);
      // The card's stream stays open: there the network never rests.
      await page.waitForLoadState(state.at === '/card' ? 'load' : 'networkidle');
    }
  }
  await open(states.consumer.find(({ name }) => name === 'redemption-pending')!, world, page, anotherBrowser);
  await expect(page.getByText('En vivo')).toBeVisible();

  const responses = [...loaded.values()];
  const names = [...loaded.keys()].map((address) => address.split('/').at(-1));
  expect(names).toContain('surtidor_bg.wasm');
  expect(names.filter((name) => name?.startsWith('till'))).toEqual([]);
  let bytes = 0;
  for (const response of responses) {
    expect(response.headers()['content-encoding'], response.url()).toBe('br');
    bytes += (await response.request().sizes()).responseBodySize;
  }
  test.info().annotations.push({ type: 'bytes of scripts', description: String(bytes) });
  expect(bytes).toBeLessThan(budget);
});

test('the till loads its own', { tag: ['@once', '@scripts'] }, async ({ page }) => {
  const loaded = collectScripts(page);
  await become('attendant', page);
  await page.goto('/till');
  await expect(page.getByRole('button', { name: 'Encender cámara' })).toBeVisible();
  expect([...loaded.keys()].some((address) => address.endsWith('/till_bg.wasm'))).toBe(true);
});

test('what lies under a hash is kept for a year, pages are not kept at all', { tag: '@once' }, async ({
  page,
  request,
}) => {
  const answer = await page.goto('/offers');
  expect(answer?.headers()['cache-control']).toBe('private, no-store');
  const addresses = await page
    .locator('link[rel=stylesheet], link[rel=modulepreload], link[rel=preload]')
    .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
  expect(addresses.length).toBeGreaterThan(2);
  for (const address of addresses) {
    expect(address).toMatch(/\/pkg\/[0-9a-f]{12}\//);
    const asset = await request.get(address);
    expect(asset.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
  }
  const missing = await request.get(addresses[0]!.replace('.css', '-of-another-build.css'));
  expect(missing.status()).toBe(404);
  expect(missing.headers()['cache-control'] ?? '').not.toContain('immutable');
});

/** The first answer for each script and wasm module that the page loads from the server. */
function collectScripts(page: Page): Map<string, Response> {
  const loaded = new Map<string, Response>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (/\.(js|wasm)$/.test(pathname) && !loaded.has(pathname)) {
      loaded.set(pathname, response);
    }
  });
  return loaded;
}
