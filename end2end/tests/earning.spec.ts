import { balance } from '../support/offers';
import { demo, demoPassword, home, signInAs, signOut, signUp, trySignIn, unique } from '../support/people';
import { expect, test } from '../support/test';

test('the wallet leads to the card, and the card back', async ({ page }) => {
  await signInAs(page, 'consumer');
  await page.goto('/wallet');
  await page.getByRole('link', { name: 'Mostrar mi tarjeta' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mi tarjeta' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Código QR de tu tarjeta' })).toBeVisible();
  await expect(page.locator('.member-code')).toHaveText(/^[A-HJ-NP-Z2-9]{5}-[A-HJ-NP-Z2-9]{5}$/);
  await page.getByRole('link', { name: 'Ver mis puntos' }).click();
  await expect(page).toHaveURL('/wallet');
});

test('an open card says at once that points have arrived', { tag: '@scripts' }, async ({ page }) => {
  const events = ['points\ndata: +15 Lumis', 'balance\ndata: 9,999', 'qr\ndata: <svg><title>el siguiente</title></svg>'];
  await page.route('**/card/events', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: events.map((event) => `event: ${event}\n\n`).join('') }),
  );
  await signInAs(page, 'consumer');
  await page.goto('/card');
  await expect(page.getByRole('status').filter({ hasText: '+15 Lumis' })).toBeVisible();
  await expect(page.locator('.card-balance')).toContainText('9,999');
  await expect(page.locator('.qr svg title')).toHaveText('el siguiente');
});

test('the history stays narrowed by what was chosen', async ({ page }) => {
  await signInAs(page, 'consumer');
  await page.goto('/wallet');
  await page.getByLabel('Tipo').selectOption('Compra');
  await page.getByLabel('Desde').fill('2020-01-31');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(page).toHaveURL(/kind=purchase.*from=2020-01-31/);
  await expect(page.getByLabel('Tipo')).toHaveValue('purchase');
  await expect(page.getByLabel('Desde')).toHaveValue('2020-01-31');
  const movements = page.locator('.movement');
  await expect(movements.first()).toContainText('Compra');
  await expect(movements.filter({ hasNotText: 'Compra' })).toHaveCount(0);
});

test('a friend’s link fills in the code, and the friend sees who came', async ({ page, anotherBrowser }) => {
  await signUp(page);
  await page.goto('/wallet');
  await expect(page.getByText('Nadie se ha registrado con tu código todavía')).toBeVisible();
  const link = await page.locator('.share-link').innerText();
  const friend = await anotherBrowser();
  await friend.goto(link);
  await expect(friend.getByLabel('Código de quien te invitó')).toHaveValue(/^[A-HJ-NP-Z2-9]{10}$/);
  await friend.getByLabel('Nombre').fill('Beatriz Luna');
  await friend.getByLabel('Correo').fill(`${unique()}@correo.test`);
  await friend.getByLabel('Contraseña nueva').fill('cinco faroles junto al mar');
  await friend.getByRole('main').getByRole('button', { name: 'Crear cuenta' }).click();
  await expect(friend).toHaveURL('/offers?welcome=1');
  await page.reload();
  await expect(page.getByText('1 persona se registró con tu código')).toBeVisible();
});

test('an adjustment that one admin asks for is approved by another', async ({ page, purse }) => {
  await signInAs(page, 'consumer');
  const before = await balance(page);
  await signOut(page);

  await signInAs(page, 'admin');
  await page.goto('/admin/adjustments');
  const reason = `La bomba ${unique()} no imprimió el recibo.`;
  await page.getByLabel('Correo del cliente').fill(demo.consumer);
  await page.getByLabel('Puntos', { exact: true }).fill('1001');
  await page.getByLabel('Motivo').fill(reason);
  await page.getByRole('button', { name: 'Ajustar' }).click();
  await expect(page.getByText('Falta que otro administrador lo apruebe')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: reason });
  await expect(row.getByRole('button', { name: 'Aprobar' })).toHaveCount(0);
  await signOut(page);

  await trySignIn(page, 'admin2@demo.test', demoPassword);
  await expect(page).toHaveURL(home.admin);
  await page.goto('/admin/adjustments?status=waiting');
  await row.getByRole('button', { name: 'Aprobar' }).click();
  await expect(page.getByText('Hecho: los puntos ya se movieron')).toBeVisible();
  await expect(row).toContainText('Aplicado');
  await signOut(page);

  await signInAs(page, 'consumer');
  expect(await balance(page)).toBe(before + 1001);
});
