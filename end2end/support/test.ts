import { test as base, type Page } from '@playwright/test';

import { Complaints } from './complaints';
import { url } from './environment';
import { Client } from './http';
import { type Offer, newOffer, type OfferWishes } from './offers';
import { takeTurn } from './turn';
import { makeWorld, type World } from './world';

interface Fixtures {
  /** What browsers complain about; checked at the end of every test. */
  complaints: Complaints;
  /** Opens the browser of another person. */
  anotherBrowser: () => Promise<Page>;
  /** Publishes an offer of the demo's first merchant. */
  publishOffer: (wishes?: Partial<OfferWishes>) => Promise<Offer>;
  /** Nobody else moves the demo consumer's points while the test runs. */
  purse: void;
  /** Nobody else gives stations to merchants while the test runs. */
  stationOwnership: void;
}

interface WorkerFixtures {
  /** The demo's manager, without a browser. */
  manager: Client;
  /** Things for pages to show. */
  world: World;
}

/** Playwright's `test` with what these tests share. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  manager: [
    async ({ playwright }, use) => {
      const manager = await Client.signedIn(playwright.request, url, 'manager');
      await use(manager);
      await manager.close();
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ playwright, manager }, use) => {
      await use(await makeWorld(playwright.request, url, manager));
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  complaints: [
    async ({}, use) => {
      const complaints = new Complaints();
      await use(complaints);
      complaints.check();
    },
    { auto: true },
  ],
  page: async ({ page, complaints }, use) => {
    complaints.listenTo(page);
    await use(page);
  },
  anotherBrowser: async ({ browser, complaints }, use) => {
    const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      complaints.listenTo(page);
      return page;
    });
    for (const context of contexts) {
      await context.close();
    }
  },
  publishOffer: async ({ manager }, use) => {
    await use((wishes) => newOffer(manager, wishes));
  },
  purse: [turnFixture('purse'), { timeout: 240_000 }],
  stationOwnership: [turnFixture('stations'), { timeout: 240_000 }],
});

function turnFixture(thing: string) {
  // Playwright reads the names of what a fixture needs from its first parameter.
  return async ({}: object, use: () => Promise<void>) => {
    const giveBack = await takeTurn(thing);
    await use();
    giveBack();
  };
}

export { expect } from '@playwright/test';
