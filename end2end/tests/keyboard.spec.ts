import { become, open, states, type Viewer } from '../support/states';
import { expect, test } from '../support/test';

/** Keys to press on one page before it is taken as seen. */
const enough = 40;

const pages: [Viewer, string][] = [
  ['nobody', 'home'],
  ['nobody', 'sign-in'],
  ['nobody', 'stations'],
  ['consumer', 'offers'],
  ['consumer', 'redemption-pending'],
  ['attendant', 'till'],
  ['manager', 'manage-new'],
  ['admin', 'merchant'],
];

for (const [viewer, name] of pages) {
  test(`the keyboard reaches everything on ${name}, visibly`, { tag: '@once' }, async ({
    page,
    world,
    anotherBrowser,
  }) => {
    await become(viewer, page);
    await open(states[viewer].find((state) => state.name === name)!, world, page, anotherBrowser);
    const reached = new Set<string>();
    for (let count = 0; count < enough; count += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const focused = document.activeElement!;
        const isRinged = (element: Element) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          return outlineStyle !== 'none' && outlineWidth !== '0px';
        };
        // A card is ringed as a whole for the link in it.
        const card = focused.closest('article');
        const { width, height } = focused.getBoundingClientRect();
        return {
          element: `${focused.tagName} ${focused.textContent} ${focused.getAttribute('name') ?? ''}`,
          isPage: focused === document.body,
          isSeen:
            width > 1 &&
            height > 1 &&
            (isRinged(focused) ||
              (card !== null && isRinged(card)) ||
              // The browser rings the part of it that has the focus: the day, the button of its calendar.
              focused.matches('[type=datetime-local]')),
        };
      });
      if (focus.isPage) {
        break;
      }
      reached.add(focus.element);
      expect(focus.isSeen, `focus on ${focus.element}`).toBe(true);
    }
    expect(reached.size).toBeGreaterThan(3);
  });
}

test('the first key leads past the navigation', async ({ page }) => {
  await page.goto('/offers');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Ir al contenido' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});
