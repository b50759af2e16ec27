import { expect, type Page } from '@playwright/test';

/** A PIN that is none of the first anyone would try. */
export const pin = '2580';

/** Makes this browser a terminal of the signed-in manager's merchant. */
export async function nameTerminal(page: Page, name: string): Promise<void> {
  await page.goto('/manage/terminals');
  await page.getByLabel('Nombre de la terminal').fill(name);
  await page.getByRole('button', { name: 'Dar de alta' }).click();
  await expect(page.getByText('Este equipo ya es una terminal.')).toBeVisible();
}

/** Gives the signed-in person a PIN. */
export async function setPin(page: Page, password: string): Promise<void> {
  await page.goto('/account');
  const card = page.locator('.card').filter({ hasText: 'PIN para la caja' });
  await card.getByLabel('Contraseña actual').fill(password);
  await card.getByLabel('PIN nuevo').fill(pin);
  await card.getByRole('button', { name: 'Guardar PIN' }).click();
  await expect(page.getByText('PIN guardado.')).toBeVisible();
}
