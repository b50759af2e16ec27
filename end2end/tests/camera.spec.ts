import type { Browser, Page } from '@playwright/test';

import { chromiumOptions } from '../support/environment';
import { cameraShowing, film } from '../support/film';
import { redeem } from '../support/offers';
import { signInAs } from '../support/people';
import { expect, test } from '../support/test';
import { expectWord, openTill } from '../support/till';

/** How soon the consumer's open page says that the till has confirmed, in milliseconds. */
const soon = 1_000;

test('the till reads the QR on the consumer’s page, and that page tells of the confirmation', async ({
  page,
  browser,
  playwright,
  complaints,
  publishOffer,
  purse,
  javaScriptEnabled,
}, testInfo) => {
  const offer = await publishOffer();
  await signInAs(page, 'consumer');
  await redeem(page, offer);
  if (javaScriptEnabled !== false) {
    await expect(page.getByText('En vivo: te avisamos aquí cuando se confirme')).toBeVisible();
  }

  const file = testInfo.outputPath('camera.y4m');
  const till = await playwright.chromium.launch({
    ...chromiumOptions,
    args: [...chromiumOptions.args, ...cameraShowing(file)],
  });
  const attendant = await openTillIn(till);
  complaints.listenTo(attendant);
  // As late as possible: the token on the page is good for half a minute to a minute.
  await film(browser, await page.locator('.qr').innerHTML(), file);
  await attendant.getByRole('button', { name: 'Encender cámara' }).click();
  await expectWord(attendant, 'Válido');
  await expect(attendant.locator('.till-what')).toHaveText(offer.name);
  expect(await framesLookedAt(attendant), 'frames looked at while a result is shown').toBe(0);
  await attendant.getByRole('link', { name: 'Siguiente código' }).click();
  await expectWord(attendant, 'Válido');

  const confirmed = attendant.waitForResponse('**/api/till/confirm');
  await attendant.getByRole('button', { name: 'Confirmar' }).click();
  expect((await confirmed).ok()).toBe(true);
  const asked = Date.now();
  if (javaScriptEnabled === false) {
    await page.reload();
  }
  await page.getByText('Confirmado en caja. ¡Que lo disfrutes!').waitFor();
  const waited = Date.now() - asked;
  testInfo.annotations.push({ type: 'milliseconds to the consumer’s page', description: String(waited) });
  if (javaScriptEnabled !== false) {
    expect(waited).toBeLessThanOrEqual(soon);
  }
  await expect(page.locator('.qr')).toHaveCount(0);
  await expectWord(attendant, 'Confirmado');
  await till.close();
});

async function openTillIn(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: true });
  const attendant = await context.newPage();
  await signInAs(attendant, 'attendant');
  await openTill(attendant);
  return attendant;
}

/** How many frames the till takes from its camera in half a second. */
async function framesLookedAt(attendant: Page): Promise<number> {
  return attendant.evaluate(async () => {
    const pen = CanvasRenderingContext2D.prototype;
    const { getImageData } = pen;
    let frames = 0;
    pen.getImageData = function (...where: Parameters<typeof getImageData>) {
      frames += 1;
      return getImageData.apply(this, where);
    };
    await new Promise((resolve) => setTimeout(resolve, 500));
    pen.getImageData = getImageData;
    return frames;
  });
}

test('a till without a camera says to type the code', { tag: '@scripts' }, async ({ page }) => {
  await signInAs(page, 'attendant');
  await openTill(page);
  await page.getByRole('button', { name: 'Encender cámara' }).click();
  await expect(page.getByText('No hay cámara o no diste permiso. Escribe el código.')).toBeVisible();
});

test('a camera with a light has a switch for it', { tag: '@scripts' }, async ({ browser, playwright, complaints }, testInfo) => {
  const file = testInfo.outputPath('camera.y4m');
  await film(browser, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>', file);
  const till = await playwright.chromium.launch({
    ...chromiumOptions,
    args: [...chromiumOptions.args, ...cameraShowing(file)],
  });
  const attendant = await openTillIn(till);
  complaints.listenTo(attendant);
  const light = attendant.getByRole('button', { name: 'Luz' });
  await attendant.getByRole('button', { name: 'Encender cámara' }).click();
  await expect(attendant.locator('.till-video[data-camera="on"]')).toBeVisible();
  await expect(light, 'of a camera without one').toHaveCount(0);

  await attendant.addInitScript(() => {
    const track = MediaStreamTrack.prototype;
    track.getCapabilities = () => ({ torch: true }) as MediaTrackCapabilities;
    track.applyConstraints = async (wanted) => {
      Object.assign(window, { wanted: wanted?.advanced });
    };
  });
  await openTill(attendant);
  await attendant.getByRole('button', { name: 'Encender cámara' }).click();
  const wanted = () => attendant.evaluate(() => (window as unknown as { wanted: unknown }).wanted);
  await expect(light).toHaveAttribute('aria-pressed', 'false');
  await light.click();
  await expect(light).toHaveAttribute('aria-pressed', 'true');
  expect(await wanted()).toEqual([{ torch: true }]);
  await light.click();
  await expect(light).toHaveAttribute('aria-pressed', 'false');
  expect(await wanted()).toEqual([{ torch: false }]);
  await till.close();
});
