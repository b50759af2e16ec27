import type { Page } from '@playwright/test';

import { cancel, redeem } from '../support/offers';
import { signInAs, unique } from '../support/people';
import { expect, test } from '../support/test';

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Guardar' }).click();
}

test.describe('a manager', () => {
  test.beforeEach(async ({ page }) => signInAs(page, 'manager'));

  test('takes an offer from a draft to the archive', async ({ page, anotherBrowser }) => {
    const name = `Oferta ${unique()}`;
    await page.goto('/manage/offers');
    await page.getByRole('link', { name: 'Nueva oferta' }).click();
    await page.getByLabel('Nombre').fill(name);
    await page.getByLabel('Descripción').fill('Para una prueba.');
    await page.getByLabel('Categoría').selectOption('Tienda');
    await page.getByLabel('Costo en Lumis').fill('1234');
    await save(page);
    await expect(page.getByRole('status')).toHaveText('Guardado.');
    await expect(page.getByText('Borrador')).toBeVisible();

    const consumer = await anotherBrowser();
    const search = `/offers?q=${name.split(' ')[1]}`;
    await consumer.goto(search);
    await expect(consumer.getByText('Nada coincide')).toBeVisible();

    await page.getByRole('button', { name: 'Publicar' }).click();
    await expect(page.getByText('Publicada')).toBeVisible();
    await consumer.goto(search);
    await expect(consumer.getByRole('article')).toContainText('1,234');
    await consumer.getByRole('link', { name }).click();
    const offer = consumer.url();

    await page.getByLabel('Costo en Lumis').fill('1235');
    await save(page);
    await expect(page.getByRole('status')).toHaveText('Guardado.');
    await consumer.reload();
    await expect(consumer.getByText('1,235')).toBeVisible();

    await page.getByRole('button', { name: 'Pausar' }).click();
    await expect(page.getByText('En pausa')).toBeVisible();
    await consumer.goto(search);
    await expect(consumer.getByText('Nada coincide')).toBeVisible();
    await consumer.goto(offer);
    await expect(consumer.getByText('No disponible')).toBeVisible();

    await page.getByRole('button', { name: 'Archivar' }).click();
    await expect(page.getByText('Archivada')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Guardar' })).toHaveCount(0);
    await page.goto('/manage/offers');
    await page.getByRole('navigation', { name: 'Estado' }).getByRole('link', { name: 'Archivada' }).click();
    await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Archivada');
  });

  test('keeps what was typed when a field is wrong', async ({ page }) => {
    await page.goto('/manage/offers/new');
    await page.getByLabel('Nombre').fill('Torta de la casa');
    await page.getByLabel('Descripción').fill('Con todo.');
    await page.getByLabel('Costo en Lumis').fill('9999999');
    await page.getByLabel('Condiciones').fill('Una por persona.');
    await page.getByLabel('Disponible desde').fill('2026-12-24T10:00');
    await page.getByLabel('Disponible hasta').fill('2026-12-24T09:00');
    await save(page);
    await expect(page.getByRole('alert')).toContainText('Revisa los campos marcados');
    await expect(page.getByLabel('Costo en Lumis')).toHaveAccessibleDescription(/de 1 a 1,000,000/);
    await expect(page.getByLabel('Disponible hasta')).toHaveAccessibleDescription(/posterior al inicio/);
    await expect(page.getByLabel('Nombre')).toHaveValue('Torta de la casa');
    await expect(page.getByLabel('Descripción')).toHaveValue('Con todo.');
    await expect(page.getByLabel('Condiciones')).toHaveValue('Una por persona.');
    await expect(page.getByLabel('Costo en Lumis')).toHaveValue('9999999');
    await expect(page.getByLabel('Disponible hasta')).toHaveValue('2026-12-24T09:00');
  });

  test('is told when somebody else saved meanwhile, and keeps the text', async ({ page, context, publishOffer }) => {
    const offer = await publishOffer();
    const address = `/manage/offers/${offer.id}`;
    const otherTab = await context.newPage();
    await page.goto(address);
    await otherTab.goto(address);
    await page.getByLabel('Descripción').fill('La primera.');
    await save(page);
    await expect(page.getByRole('status')).toHaveText('Guardado.');

    await otherTab.getByLabel('Descripción').fill('La segunda.');
    await save(otherTab);
    await expect(otherTab.getByRole('alert')).toContainText('Alguien más guardó cambios mientras editabas');
    await expect(otherTab.getByLabel('Descripción')).toHaveValue('La segunda.');
    await page.goto(address);
    await expect(page.getByLabel('Descripción')).toHaveValue('La primera.');
  });

  test('cannot archive an offer that somebody still holds', async ({ page, anotherBrowser, publishOffer, purse }) => {
    const offer = await publishOffer();
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    await redeem(consumer, offer);
    await page.goto(`/manage/offers/${offer.id}`);
    await page.getByRole('button', { name: 'Archivar' }).click();
    await expect(page.getByRole('alert')).toContainText('Hay 1 canje pendiente');
    await cancel(consumer);
    await page.getByRole('button', { name: 'Archivar' }).click();
    await expect(page.getByText('Archivada')).toBeVisible();
  });

  test('does not see the offer of another merchant', async ({ page, complaints }) => {
    complaints.expect(/status of 404/);
    await page.goto('/offers?q=Pan+dulce');
    const other = await page.getByRole('link', { name: 'Pan dulce a elegir' }).getAttribute('href');
    const answer = await page.goto(`/manage${other}`);
    expect(answer?.status()).toBe(404);
    await expect(page.getByText('Aquí no hay nada')).toBeVisible();
  });
});
