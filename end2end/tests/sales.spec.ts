import type { Page } from '@playwright/test';

import { chromiumOptions } from '../support/environment';
import { cameraShowing, film } from '../support/film';
import { signInAs, signUp, unique } from '../support/people';
import { expect, test } from '../support/test';
import { check, expectWord, openTill } from '../support/till';

/** The code on the card of the consumer who is signed in. */
async function memberCode(consumer: Page): Promise<string> {
  await consumer.goto('/card');
  return consumer.locator('.member-code').innerText();
}

/** Types a sale and credits it. */
async function sell(page: Page, amount: string, receipt: string): Promise<void> {
  await page.getByLabel('Importe de la venta').fill(amount);
  await page.getByLabel('Número de recibo').fill(receipt);
  await page.getByRole('button', { name: 'Acreditar puntos' }).click();
}

test('a member’s sale brings points once, and takes them back when it is reversed', async ({
  page,
  anotherBrowser,
  javaScriptEnabled,
}) => {
  const consumer = await anotherBrowser();
  await signUp(consumer);
  const code = await memberCode(consumer);
  const receipt = unique().toUpperCase();

  await page.clock.install();
  await signInAs(page, 'attendant');
  await openTill(page);
  await check(page, code);
  await expectWord(page, 'Miembro');
  await expect(page.locator('.till-what')).toHaveText(code);
  await expect(page.getByLabel('Importe de la venta')).toHaveAttribute('inputmode', 'decimal');
  await sell(page, 'mucho', receipt);
  await expect(page.getByText('850.50').last()).toBeVisible();
  await expect(page.getByLabel('Importe de la venta')).toHaveValue('mucho');
  await expect(page.getByLabel('Número de recibo')).toHaveValue(receipt);
  await sell(page, '1,850.50', receipt);
  await expectWord(page, '+18 Lumis');
  const line = page.getByRole('listitem').filter({ hasText: receipt });
  await expect(line.getByText('$1,850.50 · 18 Lumis')).toBeVisible();
  if (javaScriptEnabled === false) {
    await page.getByRole('link', { name: 'Siguiente código' }).click();
  } else {
    await page.clock.fastForward(3_000);
  }
  await expectWord(page, 'Listo');

  await check(page, code);
  await sell(page, '1850.5', receipt.toLowerCase());
  await expectWord(page, 'Ya acreditado');
  await expect(page.getByText(/Este recibo dio 18 Lumis a las \d\d:\d\d\. Cuenta una sola vez\./)).toBeVisible();
  await page.getByRole('link', { name: 'Siguiente código' }).click();
  await check(page, code);
  await sell(page, '20', receipt);
  if (javaScriptEnabled !== false) {
    await expectWord(page, 'Recibo ya usado');
  }
  await expect(page.getByText('Este recibo ya dio puntos')).toBeVisible();
  await expect(page.getByLabel('Importe de la venta')).toHaveValue('20');
  await page.getByRole('link', { name: 'Siguiente código' }).click();

  await line.getByRole('link', { name: 'Revertir' }).click();
  await expectWord(page, '¿Revertir esta venta?');
  await page.getByRole('link', { name: 'No, dejarla así' }).click();
  await expectWord(page, 'Listo');
  await line.getByRole('link', { name: 'Revertir' }).click();
  await page.getByRole('button', { name: 'Revertir venta' }).click();
  await expectWord(page, 'Venta revertida');
  await expect(page.getByText('Se quitaron 18 Lumis.')).toBeVisible();
  await expect(line.getByText('Revertida:')).toBeVisible();
  await expect(line.getByRole('link', { name: 'Revertir' })).toHaveCount(0);
});

test('the till reads the QR on a member’s card', { tag: '@scripts' }, async ({ page, browser, playwright, complaints }, testInfo) => {
  await signUp(page);
  const code = await memberCode(page);
  const file = testInfo.outputPath('camera.y4m');
  const till = await playwright.chromium.launch({
    ...chromiumOptions,
    args: [...chromiumOptions.args, ...cameraShowing(file)],
  });
  const attendant = await till.newPage();
  complaints.listenTo(attendant);
  await signInAs(attendant, 'attendant');
  await openTill(attendant);
  // As late as possible: the token on the page is good for half a minute to a minute.
  await film(browser, await page.locator('.qr').innerHTML(), file);
  await attendant.getByRole('button', { name: 'Encender cámara' }).click();
  await expectWord(attendant, 'Miembro');
  await expect(attendant.locator('.till-what')).toHaveText(code);
  await sell(attendant, '850', unique());
  await expectWord(attendant, '+8 Lumis');
  await till.close();
});

test('a sale that got no answer keeps what was typed, and counts once', { tag: '@scripts' }, async ({
  page,
  anotherBrowser,
  complaints,
}) => {
  complaints.expect(/ERR_FAILED/);
  const consumer = await anotherBrowser();
  await signUp(consumer);
  await signInAs(page, 'attendant');
  await openTill(page);
  await check(page, await memberCode(consumer));
  await expectWord(page, 'Miembro');
  await page.route('**/api/till/accrue', async (route) => {
    await route.fetch();
    await route.abort();
  });
  const receipt = unique();
  await sell(page, '850', receipt);
  await expectWord(page, 'Sin respuesta');
  await page.unroute('**/api/till/accrue');
  await expect(page.getByLabel('Importe de la venta')).toHaveValue('850');
  await expect(page.getByLabel('Número de recibo')).toHaveValue(receipt);
  await page.getByRole('button', { name: 'Acreditar puntos' }).click();
  await expectWord(page, 'Ya acreditado');
});
