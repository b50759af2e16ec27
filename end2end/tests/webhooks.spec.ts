import { createHmac } from 'node:crypto';

import { signInAsStranger } from '../support/merchants';
import { expect, test } from '../support/test';
import { addWebhook, sendTest, startReceiver } from '../support/webhooks';

test('a manager adds a webhook, sees a signed test arrive, changes its secret, and deletes it', async ({
  page,
  anotherBrowser,
}) => {
  const receiver = await startReceiver();
  await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  await page.goto('/manage/keys');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await expect(page.getByText('Aún no hay webhooks')).toBeVisible();

  const secret = await addWebhook(page, receiver.url);
  await expect(page.getByRole('heading', { name: 'Cómo comprobar un aviso' })).toBeVisible();
  await page.reload();
  await expect(page.locator('code.secret')).toHaveCount(0);

  await sendTest(page, 'Entregada');
  await expect(page.getByRole('row').filter({ hasText: 'Prueba' })).toContainText('HTTP 204');
  const { headers, body } = receiver.messages[0];
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', key).update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);

  await page.getByRole('button', { name: 'Reenviar' }).click();
  await expect(page.getByText('Va de nuevo.')).toBeVisible();
  await expect.poll(() => receiver.messages.length).toBe(2);
  expect(receiver.messages[1].headers['webhook-id']).toBe(headers['webhook-id']);

  await page.getByRole('link', { name: 'Cambiar secreto' }).click();
  await page.getByRole('button', { name: 'Sí, cambiarlo' }).click();
  await expect(page.locator('code.secret')).not.toHaveText(secret);
  await expect(page.getByText('El secreto anterior también firma')).toBeVisible();

  await page.getByLabel('Enviar avisos').uncheck();
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.getByText('Desactivado')).toBeVisible();

  await page.getByRole('link', { name: 'Eliminar' }).click();
  await page.getByRole('button', { name: 'Sí, eliminarlo' }).click();
  await expect(page.getByText('Webhook eliminado.')).toBeVisible();
  await expect(page.getByText('Aún no hay webhooks')).toBeVisible();
  receiver.close();
});

test('what was typed stays when an address is none', async ({ page, anotherBrowser }) => {
  await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  await page.goto('/manage/webhooks');
  await page.getByLabel('Dirección').fill('ftp://pos.test/');
  await page.getByLabel('Una oferta se agota').uncheck();
  await page.getByRole('button', { name: 'Agregar' }).click();
  await expect(page.getByRole('alert')).toContainText('Revisa los campos marcados');
  await expect(page.getByLabel('Dirección')).toHaveValue('ftp://pos.test/');
  await expect(page.getByLabel('Una oferta se agota')).not.toBeChecked();
  await expect(page.getByLabel('Una venta da puntos')).toBeChecked();
});
