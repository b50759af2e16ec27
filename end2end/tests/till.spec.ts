import { signInAsStranger } from '../support/merchants';
import { redeem } from '../support/offers';
import { signInAs } from '../support/people';
import { expect, test } from '../support/test';
import { check, expectWord, openTill } from '../support/till';

test('a code that is nonsense is not valid', async ({ page }) => {
  await signInAs(page, 'attendant');
  await openTill(page);
  await check(page, 'NADA-99');
  await expectWord(page, 'No válido');
  await expect(page.getByText('No existe en este comercio. No entregues nada.')).toBeVisible();
  await page.getByRole('link', { name: 'Siguiente código' }).click();
  await expectWord(page, 'Listo');
  await expect(page.getByLabel('Código, si la cámara falla')).toHaveValue('');
});

test.describe('a redemption at the till', () => {
  test.beforeEach(async ({ purse }) => purse);

  test('is good, is confirmed once, and is used from then on', async ({
    page,
    anotherBrowser,
    publishOffer,
    javaScriptEnabled,
  }) => {
    const offer = await publishOffer();
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const { shortCode } = await redeem(consumer, offer);

    await page.clock.install();
    await signInAs(page, 'attendant');
    await openTill(page);
    await check(page, shortCode.toLowerCase());
    await expectWord(page, 'Válido');
    await expect(page.locator('.till-what')).toHaveText(offer.name);
    await expect(page.getByText('Pagado con 1 Lumis. Entrega y confirma.')).toBeVisible();
    await page.getByRole('button', { name: 'Confirmar' }).click();
    await expectWord(page, 'Confirmado');
    const line = page.getByRole('listitem').filter({ hasText: offer.name });
    await expect(line.getByText(shortCode)).toBeVisible();

    if (javaScriptEnabled === false) {
      await page.getByRole('link', { name: 'Siguiente código' }).click();
    } else {
      await page.clock.fastForward(3_000);
    }
    await expectWord(page, 'Listo');

    await check(page, shortCode);
    await expectWord(page, 'Ya usado');
    await expect(page.getByText(/Lo confirmaste tú: /)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Confirmar' })).toHaveCount(0);

    await consumer.reload();
    await expect(consumer.getByText('Confirmado en caja. ¡Que lo disfrutes!')).toBeVisible();
  });

  test('does not exist for the attendant of another merchant', async ({ page, anotherBrowser, publishOffer }) => {
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const { shortCode, fullCode } = await redeem(consumer, await publishOffer());

    await signInAsStranger(page, await anotherBrowser(), 'Despachador');
    await expect(page).toHaveURL('/till');
    await openTill(page);
    for (const code of [shortCode, fullCode]) {
      await check(page, code);
      await expectWord(page, 'No válido');
      await expect(page.getByText('No existe en este comercio. No entregues nada.')).toBeVisible();
      await page.getByRole('link', { name: 'Siguiente código' }).click();
      await expectWord(page, 'Listo');
    }
  });

  test('is not valid with a token that was tampered with', async ({ page, anotherBrowser, publishOffer, baseURL }) => {
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const { fullCode } = await redeem(consumer, await publishOffer());

    await signInAs(page, 'attendant');
    const scanned = `${baseURL}/r/${fullCode}?t=AAAAAAAAAAAAAAAAAAAAAA`;
    await page.goto(`/till?code=${encodeURIComponent(scanned)}`);
    await expectWord(page, 'No válido');
    await expect(page.getByText('El QR es viejo o fue alterado')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Confirmar' })).toHaveCount(0);
  });

  test('is refused once its consumer has cancelled it', async ({ page, anotherBrowser, publishOffer }) => {
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const { fullCode } = await redeem(consumer, await publishOffer());
    await signInAs(page, 'attendant');
    await openTill(page);
    await check(page, fullCode);
    await expectWord(page, 'Válido');

    await consumer.getByRole('button', { name: 'Cancelar y recuperar mis puntos' }).click();
    await expect(consumer.getByText('Tus puntos ya regresaron')).toBeVisible();
    await page.getByRole('button', { name: 'Confirmar' }).click();
    await expectWord(page, 'No válido');
    await expect(page.getByText('Su dueño lo canceló.')).toBeVisible();
  });

  test('stays on screen when the one before it was confirmed a moment ago', { tag: '@scripts' }, async ({
    page,
    anotherBrowser,
    publishOffer,
  }) => {
    const offer = await publishOffer();
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const first = await redeem(consumer, offer);
    const second = await redeem(consumer, offer);

    await page.clock.install();
    await signInAs(page, 'attendant');
    await openTill(page);
    await check(page, first.shortCode);
    await page.getByRole('button', { name: 'Confirmar' }).click();
    await expectWord(page, 'Confirmado');
    await page.getByRole('link', { name: 'Siguiente código' }).click();
    await check(page, second.shortCode);
    await expectWord(page, 'Válido');
    await page.clock.fastForward(3_000);
    await expectWord(page, 'Válido');
  });
});

test('an address cannot make the till say that something was confirmed', async ({ page }) => {
  await signInAs(page, 'attendant');
  await page.goto('/till?done=01890000-0000-7000-8000-000000000000');
  await expectWord(page, 'No válido');
});

test('a code that was typed before the scripts came is not lost', { tag: '@scripts' }, async ({ page }) => {
  await signInAs(page, 'attendant');
  let letScriptsThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letScriptsThrough = resolve;
  });
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/till', { waitUntil: 'domcontentloaded' });
  await page.getByLabel('Código, si la cámara falla').fill('NADA-99');
  letScriptsThrough();
  await expect(page.getByRole('button', { name: 'Encender cámara' })).toBeVisible();
  await expect(page.getByLabel('Código, si la cámara falla')).toHaveValue('NADA-99');
  await page.getByRole('button', { name: 'Revisar' }).click();
  await expectWord(page, 'No válido');
});

test('a till that gets no answer says so', { tag: '@scripts' }, async ({ page, complaints }) => {
  complaints.expect(/ERR_FAILED/);
  await signInAs(page, 'attendant');
  await openTill(page);
  await page.route('**/api/till/validate', (route) => route.abort());
  await check(page, 'ABCDEF');
  await expect(page.getByText('No se pudo preguntar al servidor.')).toBeVisible();
  await page.unroute('**/api/till/validate');
  await page.getByRole('link', { name: 'Siguiente código' }).click();
  await check(page, 'ABCDEF');
  await expectWord(page, 'No válido');
});
