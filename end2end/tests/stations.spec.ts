import type { Page } from '@playwright/test';

import { importStations } from '../support/stations';
import { expect, test } from '../support/test';

const merida = { latitude: 20.9999, longitude: -89.6107 };

test('without a place the stations of the demo city come first', async ({ page }) => {
  await page.goto('/stations');
  await expect(page.getByText('Cerca de Guadalajara, por distancia.')).toBeVisible();
  const first = page.getByRole('article').first();
  await expect(first).toContainText('Guadalajara');
  await expect(first).toContainText('23.49');
});

test('a typed place is found without accents and in any case', async ({ page }) => {
  await page.goto('/stations');
  await page.getByLabel('Ciudad').fill('merida');
  await page.getByRole('button', { name: 'Buscar' }).click();
  await expect(page.getByText('Cerca de Mérida, por distancia.')).toBeVisible();
  await expect(page.getByRole('article').first()).toContainText('Mérida');
  await expect(page.getByLabel('Ciudad')).toHaveValue('merida');
});

test('an unknown place is said so and others are shown meanwhile', async ({ page }) => {
  await page.goto('/stations?place=Atlantis');
  await expect(page.getByText('No conocemos «Atlantis»')).toBeVisible();
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('a fuel leaves out the stations that do not sell it', async ({ page }) => {
  await page.goto('/stations');
  const withoutDiesel = page.getByRole('link', { name: 'La Estrella Chapalita' });
  await expect(withoutDiesel).toBeVisible();
  await page.getByRole('link', { name: 'Diésel', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Diésel', exact: true })).toHaveAttribute('aria-current', 'true');
  await expect(page.getByRole('article').first()).toBeVisible();
  await expect(withoutDiesel).toBeHidden();
});

test('a station leads to its offers', async ({ page }) => {
  await page.goto('/stations');
  await page.getByRole('link', { name: 'La Estrella Minerva' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'La Estrella Minerva' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Precios recientes' })).toBeVisible();
  const offers = page.getByRole('article').filter({ hasText: 'Gasolineras La Estrella' });
  await offers.first().getByRole('link').click();
  await expect(page).toHaveURL(/\/offers\/[0-9a-f-]{36}$/);
  await expect(page.getByText('Gasolineras La Estrella', { exact: true })).toBeVisible();
});

test('a station without a merchant has no offers', async ({ page }) => {
  await page.goto('/stations?place=Zapopan');
  await page.getByRole('link', { name: 'Combustibles del Bosque' }).click();
  await expect(page.getByText('Esta estación aún no tiene ofertas.')).toBeVisible();
});

test('more stations than a page shows are on the pages after it, each once', async ({ page }) => {
  await importStations();
  await page.goto('/stations');
  const first = await stationsOn(page);
  const all = [...first];
  const more = page.getByRole('link', { name: 'Ver más' });
  while (await more.isVisible()) {
    const before = page.url();
    await more.click();
    await expect(page).not.toHaveURL(before);
    all.push(...(await stationsOn(page)));
  }
  expect(all.length).toBeGreaterThan(2 * first.length);
  expect(new Set(all).size, 'different stations').toBe(all.length);

  await page.goBack();
  expect(await stationsOn(page)).toEqual(all.slice(first.length, 2 * first.length));
  await page.getByRole('link', { name: 'Volver al principio' }).click();
  await expect(page.getByRole('link', { name: 'Volver al principio' })).toBeHidden();
  expect(await stationsOn(page)).toEqual(first);
});

/** Where the stations in the list lead. */
async function stationsOn(page: Page): Promise<string[]> {
  const links = page.getByRole('article').getByRole('link');
  await expect(links.first()).toBeVisible();
  return links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
}

test('the device says where it is when it is asked', { tag: '@scripts' }, async ({ page, context }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation(merida);
  await page.goto('/stations?fuel=REGULAR');
  await page.getByRole('button', { name: 'Cerca de mí' }).click();
  await expect(page.getByText('Cerca de ti, por distancia.')).toBeVisible();
  await expect(page).toHaveURL('/stations?fuel=REGULAR&lat=20.9999&lon=-89.6107');
  await expect(page.getByRole('article').first()).toContainText('El Faro Itzimná');
});

test('a device that does not say where it is asks for a city', { tag: '@scripts' }, async ({ page }) => {
  await page.goto('/stations');
  await page.getByRole('button', { name: 'Cerca de mí' }).click();
  await expect(page.getByText('No pudimos ubicarte. Escribe una ciudad.')).toBeVisible();
});
