import type { Page } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';

import { phone } from '../support/environment';
import { become, complaintsOfStates, open, states, type Viewer } from '../support/states';
import { expect, test } from '../support/test';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The smallest phones, and a zoom of 400 % (WCAG 1.4.10). */
const narrow = { width: 320, height: 640 };

for (const viewer of Object.keys(states) as Viewer[]) {
  test(`every page that ${viewer} sees is accessible, by day and by night, and fits`, { tag: '@scripts' }, async ({
    page,
    world,
    complaints,
    anotherBrowser,
  }) => {
    test.setTimeout(360_000);
    complaints.expect(complaintsOfStates);
    const usual = page.viewportSize()!;
    await become(viewer, page);
    for (const state of states[viewer]) {
      await test.step(state.name, async () => {
        await open(state, world, page, anotherBrowser);
        expect.soft(await violations(page), state.name).toEqual([]);
        if (usual.width === phone.viewport.width) {
          await page.setViewportSize(narrow);
          expect.soft(await beyondTheEdge(page), `${state.name} at ${narrow.width} px`).toEqual([]);
          await page.setViewportSize(usual);
        }
      });
    }
  });
}

async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Only colours change at night.
    const runOnly: RunOptions['runOnly'] = colorScheme === 'light' ? rules : ['color-contrast'];
    const results = await page.evaluate(
      (runOnly) => window.axe.run({ runOnly, resultTypes: ['violations'] }),
      runOnly,
    );
    for (const { id, nodes } of results.violations) {
      found.push(...nodes.map((node) => `${colorScheme}: ${id} at ${node.target.join(' ')}: ${node.failureSummary}`));
    }
  }
  return found;
}

async function beyondTheEdge(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth <= clientWidth
      ? []
      : [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > clientWidth)
          .map((element) => `${element.tagName} ${element.className.toString()}`);
  });
}
