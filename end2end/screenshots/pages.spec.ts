import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { become, complaintsOfStates, open, states, type Viewer } from '../support/states';
import { test } from '../support/test';

/** Makes the window as tall as the page, so that what sticks to its edge is not in the middle of the picture. */
async function growToWholePage(page: Page): Promise<void> {
  const { width, height } = page.viewportSize()!;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, whole) });
}

const folder = process.env.SURTIDOR_SCREENSHOTS ?? '../screenshots';

for (const viewer of Object.keys(states) as Viewer[]) {
  for (const state of states[viewer]) {
    test(state.name, async ({ page, world, complaints, anotherBrowser }, { project }) => {
      complaints.expect(complaintsOfStates);
      await become(viewer, page);
      await open(state, world, page, anotherBrowser);
      await page.waitForLoadState('load');
      await page.evaluate(() => document.fonts.ready);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await growToWholePage(page);
        const path = join(folder, `${state.name}-${project.name}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      }
    });
  }
}
