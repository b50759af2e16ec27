import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, type Page } from '@playwright/test';

/** What a merchant's system was sent. */
export interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A merchant's own system, which takes whatever it is sent. */
export interface Receiver {
  url: string;
  messages: Message[];
  close: () => void;
}

/** Starts one on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      messages.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/surtidor`, messages, close };
}

/** Adds a webhook in a manager's browser, which is left on its page; the answer is the secret. */
export async function addWebhook(page: Page, url: string): Promise<string> {
  await page.goto('/manage/webhooks');
  await page.getByLabel('Dirección').fill(url);
  await page.getByLabel('Una oferta se agota').uncheck();
  await page.getByRole('button', { name: 'Agregar' }).click();
  const secret = page.locator('code.secret');
  await expect(secret).toHaveText(/^whsec_/);
  return (await secret.textContent()) ?? '';
}

/** Sends a test from a webhook's page and waits until it has the status. */
export async function sendTest(page: Page, status: 'Entregada' | 'En camino'): Promise<void> {
  await page.getByRole('button', { name: 'Enviar una prueba' }).click();
  await expect(page.getByText('Prueba enviada.')).toBeVisible();
  await expect(async () => {
    await page.getByRole('link', { name: 'Actualizar' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Prueba' });
    await expect(row).toContainText(status, { timeout: 500 });
    await expect(row).toContainText('1 intento', { timeout: 500 });
  }).toPass({ timeout: 15_000 });
}
