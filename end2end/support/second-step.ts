import { createHmac } from 'node:crypto';

import { expect, type Page } from '@playwright/test';

const secondsOfAStep = 30;

/** What an app shows that holds `secret` (RFC 6238), some steps from now. */
export function code(secret: string, steps = 0): string {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / secondsOfAStep) + steps));
  const hash = createHmac('sha1', fromBase32(secret)).update(step).digest();
  const offset = hash.at(-1)! & 15;
  const number = hash.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function fromBase32(text: string): Buffer {
  const symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text.replaceAll(/\s/g, '')].map((symbol) => symbols.indexOf(symbol).toString(2).padStart(5, '0'));
  return Buffer.from(bits.join('').match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

/** Begins to enrol; the answer is the secret that the page shows. */
export async function beginToEnrol(page: Page, password: string): Promise<string> {
  await page.goto('/account/second-step');
  await page.getByLabel('Contraseña actual').fill(password);
  await page.getByRole('button', { name: 'Continuar' }).click();
  await expect(page.getByRole('img', { name: 'Código QR' })).toBeVisible();
  return (await page.locator('.secret').textContent())!;
}

/** Types the first code; the answer is the recovery codes that the page shows. */
export async function typeFirstCode(page: Page, typed: string): Promise<string[]> {
  await page.getByLabel('Primer código').fill(typed);
  await page.getByRole('button', { name: 'Activar' }).click();
  await expect(page.getByText('Segundo paso activado.')).toBeVisible();
  return page.locator('.recovery-codes code').allTextContents();
}

/** Types a code between the password and being signed in. */
export async function typeCode(page: Page, typed: string): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in\/code/);
  await page.getByLabel('Código').fill(typed);
  await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
}

/** Fills in what a change takes and presses its button. */
export async function change(page: Page, password: string, typed: string, button: string): Promise<void> {
  await page.goto('/account/second-step');
  await page.getByLabel('Contraseña actual').fill(password);
  await page.getByLabel('Código', { exact: true }).fill(typed);
  await page.getByRole('button', { name: button }).click();
}
