import { demo, demoPassword } from '../support/people';
import { expect, test } from '../support/test';

test.describe('in English', () => {
  test.use({ locale: 'en-US' });

  test('the pages follow the browser’s language', { tag: '@once' }, async ({ page }) => {
    await page.goto('/offers');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('heading', { level: 1, name: 'Offers' })).toBeVisible();
  });
});

test('a chosen language stays chosen', async ({ page }) => {
  await page.goto('/stations?place=Monterrey');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page).toHaveURL('/stations?place=Monterrey');
  await expect(page.getByRole('heading', { level: 1, name: 'Stations' })).toBeVisible();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(demo.consumer);
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Offers' })).toBeVisible();
  await page.getByRole('button', { name: 'Español' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ofertas' })).toBeVisible();
});
