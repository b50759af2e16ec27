import { join } from 'node:path';

import { become, open, states, type Viewer } from '../support/states';
import { test } from '../support/test';

const folder = process.env.SURTIDOR_SCREENSHOTS ?? '../screenshots';

for (const viewer of Object.keys(states) as Viewer[]) {
  for (const state of states[viewer]) {
    test(state.name, async ({ page, world, complaints, anotherBrowser }, { project }) => {
      complaints.expect(/status of 40[34]/);
      await become(viewer, page);
      await open(state, world, page, anotherBrowser);
      await page.waitForLoadState('load');
      await page.evaluate(() => document.fonts.ready);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const path = join(folder, `${state.name}-${project.name}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      }
    });
  }
}
