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
    await expectWord(page, 'Ya confirmado');
    await expect(page.getByText(/Lo confirmaste tú hace \d+ s\./)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Confirmar' })).toHaveCount(0);
    const colleague = await anotherBrowser();
    await signInAs(colleague, 'manager');
    await openTill(colleague);
    await check(colleague, shortCode);
    await expectWord(colleague, 'Ya usado');
    await expect(colleague.getByText(/Se usó a las \d\d:\d\d en otra caja\./)).toBeVisible();

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

  test('is shown as done until someone takes the next, where someone touches the screen', { tag: '@scripts' }, async ({
    page,
    anotherBrowser,
    publishOffer,
  }) => {
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const { shortCode } = await redeem(consumer, await publishOffer());
    await page.clock.install();
    await signInAs(page, 'attendant');
    await openTill(page);
    await check(page, shortCode);
    await page.getByRole('button', { name: 'Confirmar' }).click();
    await expectWord(page, 'Confirmado');
    await page.locator('.till-word').click();
    await page.clock.fastForward(10_000);
    await expectWord(page, 'Confirmado');
  });

  test('can be confirmed again when nobody answered, and is confirmed once', { tag: '@scripts' }, async ({
    page,
    anotherBrowser,
    publishOffer,
    complaints,
  }) => {
    complaints.expect(/ERR_FAILED/);
    const consumer = await anotherBrowser();
    await signInAs(consumer, 'consumer');
    const { shortCode } = await redeem(consumer, await publishOffer());
    await signInAs(page, 'attendant');
    await openTill(page);
    await check(page, shortCode);
    await expectWord(page, 'Válido');
    await page.route('**/api/till/confirm', async (route) => {
      // The server has it, the answer is lost.
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Confirmar' }).click();
    await expectWord(page, 'Sin respuesta');
    await page.unroute('**/api/till/confirm');
    await page.getByRole('button', { name: 'Confirmar' }).click();
    await expectWord(page, 'Ya confirmado');
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

test('mistake 1: the till showed "valid" for any HTTP 200, also for valid: false', { tag: '@scripts' }, async ({
  page,
}) => {
  await signInAs(page, 'attendant');
  await openTill(page);
  const bad = { tone: 'bad', word: 'No válido', what: '', detail: 'Se venció.', recent: null };
  const confirm = { redemption: '01890000-0000-7000-8000-000000000000', ticket: 'x' };
  const answers: [object | string, 'No válido' | 'Sin respuesta'][] = [
    [{ ...bad, confirm: null }, 'No válido'],
    [{ ...bad, confirm }, 'No válido'],
    [{ valid: false }, 'Sin respuesta'],
    [{ valid: true }, 'Sin respuesta'],
    ['<p>Válido</p>', 'Sin respuesta'],
  ];
  for (const [answer, word] of answers) {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    await page.route('**/api/till/validate', (route) => route.fulfill({ status: 200, body }));
    await check(page, 'ABCDEF');
    await expectWord(page, word);
    await expect(page.locator('.till-result[data-tone="good"]')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Confirmar' })).toHaveCount(0);
    await page.unroute('**/api/till/validate');
    await page.getByRole('link', { name: 'Siguiente código' }).click();
  }
});

test('a till that hit a limit says how long to wait', { tag: '@scripts' }, async ({ page, complaints }) => {
  complaints.expect(/status of 429/);
  await signInAs(page, 'attendant');
  await openTill(page);
  await page.route('**/api/till/validate', (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '17' }, body: '{}' }),
  );
  await check(page, 'ABCDEF');
  await expect(page.locator('.till-result[data-tone="limited"]')).toContainText('Espera 17 s e intenta otra vez.');
});

test('a till without connection says so until it is back', { tag: '@scripts' }, async ({ page }) => {
  await signInAs(page, 'attendant');
  await openTill(page);
  const banner = page.getByRole('alert').filter({ hasText: 'Sin conexión: no se pueden revisar códigos.' });
  await expect(banner).toHaveCount(0);
  await page.context().setOffline(true);
  await expect(banner).toBeVisible();
  await page.context().setOffline(false);
  await expect(banner).toHaveCount(0);
});

test('good and bad news sound and feel different, and the switch for sounds is remembered', { tag: '@scripts' }, async ({
  page,
  anotherBrowser,
  publishOffer,
  purse,
}) => {
  const consumer = await anotherBrowser();
  await signInAs(consumer, 'consumer');
  const { shortCode } = await redeem(consumer, await publishOffer());
  await page.addInitScript(() => {
    const told = { beeps: [] as number[], buzzes: [] as VibratePattern[] };
    Object.assign(window, { told });
    const { start } = AudioScheduledSourceNode.prototype;
    AudioScheduledSourceNode.prototype.start = function (when?: number) {
      told.beeps.push(Math.round((this as OscillatorNode).frequency.value));
      start.call(this, when);
    };
    navigator.vibrate = (pattern) => told.buzzes.push(pattern) > 0;
  });
  const take = () =>
    page.evaluate(() => {
      const { told } = window as unknown as { told: { beeps: number[]; buzzes: number[][] } };
      return { beeps: told.beeps.splice(0), buzzes: told.buzzes.splice(0) };
    });
  await signInAs(page, 'attendant');
  await openTill(page);
  await check(page, shortCode);
  await expectWord(page, 'Válido');
  expect(await take()).toEqual({ beeps: [880, 1319], buzzes: [[120]] });
  await page.getByRole('link', { name: 'Siguiente código' }).click();
  await check(page, 'NADA-99');
  await expectWord(page, 'No válido');
  expect(await take()).toEqual({ beeps: [220, 165], buzzes: [[90, 70, 180]] });

  await page.getByRole('link', { name: 'Siguiente código' }).click();
  await page.getByRole('button', { name: 'Sonido', pressed: true }).click();
  await openTill(page);
  await expect(page.getByRole('button', { name: 'Sonido', pressed: false })).toBeVisible();
  await check(page, 'NADA-99');
  await expectWord(page, 'No válido');
  expect(await take()).toEqual({ beeps: [], buzzes: [[90, 70, 180]] });
});

test('what is tapped lies under the thumb, and nothing beyond the edge', async ({ page }) => {
  test.skip(page.viewportSize()!.width > 400, 'of phones');
  await signInAs(page, 'attendant');
  await page.goto('/till?code=NADA');
  await expectWord(page, 'No válido');
  const next = (await page.getByRole('link', { name: 'Siguiente código' }).boundingBox())!;
  const height = page.viewportSize()!.height;
  expect(next.height).toBeGreaterThanOrEqual(56);
  expect(next.y).toBeGreaterThan(height / 2);
  const bar = (await page.locator('.bottom-nav').boundingBox())!;
  expect(next.y + next.height).toBeLessThanOrEqual(bar.y);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(page.viewportSize()!.width);
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
