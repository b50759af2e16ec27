import { expect, type Page } from '@playwright/test';

import { mailedLink } from './mail';
import { goodPassword, signInAs, trySignIn, unique } from './people';

/** Makes a merchant in an admin's browser, which is left on the merchant's page. */
export async function makeMerchant(admin: Page): Promise<string> {
  const name = `Comercio ${unique()}`;
  await admin.goto('/admin/merchants');
  await admin.getByLabel('Nombre del comercio').fill(name);
  await admin.getByRole('button', { name: 'Crear' }).click();
  await expect(admin.getByRole('heading', { level: 1, name })).toBeVisible();
  return name;
}

/** Invites someone on the merchant's page that is open in an admin's browser. */
export async function invite(
  admin: Page,
  role: 'Despachador' | 'Encargado',
): Promise<{ name: string; email: string }> {
  const word = unique();
  const person = { name: `Persona ${word}`, email: `${word}@comercio.test` };
  await admin.getByLabel('Nombre', { exact: true }).fill(person.name);
  await admin.getByLabel('Correo').fill(person.email);
  await admin.getByLabel('Función').selectOption(role);
  await admin.getByRole('button', { name: 'Mandar invitación' }).click();
  await expect(admin.getByText('Invitación enviada.')).toBeVisible();
  return person;
}

/** Follows the invitation, chooses a password, and signs in. */
export async function acceptInvitation(page: Page, email: string): Promise<void> {
  await page.goto(await mailedLink(email, '/reset-password'));
  await page.getByLabel('Contraseña nueva').fill(goodPassword);
  await page.getByRole('button', { name: 'Guardar contraseña' }).click();
  await expect(page.getByText('Contraseña guardada')).toBeVisible();
  await trySignIn(page, email, goodPassword);
}

/** Signs in someone of a merchant of its own, made by an admin in another browser; the answer is their address. */
export async function signInAsStranger(page: Page, admin: Page, role: 'Despachador' | 'Encargado'): Promise<string> {
  await signInAs(admin, 'admin');
  await makeMerchant(admin);
  const { email } = await invite(admin, role);
  await acceptInvitation(page, email);
  return email;
}
