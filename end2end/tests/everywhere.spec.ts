import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { become, open, states, type Viewer } from '../support/states';
import { expect, test } from '../support/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const viewer of Object.keys(states) as Viewer[]) {
  for (const state of states[viewer]) {
    test(`${viewer} finds ${state.name} in order`, { tag: '@scripts' }, async ({
      page,
      world,
      complaints,
      anotherBrowser,
    }) => {
      if (state.status) {
        complaints.expect(new RegExp(`status of ${state.status}`));
      }
      await become(viewer, page);
      await open(state, world, page, anotherBrowser);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    });
  }
}

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${colorScheme}: ${id} at ${node.target.join(' ')}: ${node.failureSummary}`),
    );
    expect(found).toEqual([]);
  }
}

/** At 320 px, as on the smallest phones or at a zoom of 400 % (WCAG 1.4.10). */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const beyond = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth <= clientWidth
      ? []
      : [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > clientWidth)
          .map((element) => `${element.tagName} ${element.className.toString()}`);
  });
  expect(beyond).toEqual([]);
}
