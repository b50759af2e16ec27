import { readFile } from 'node:fs/promises';

import { signInAsStranger } from '../support/merchants';
import { goodPassword, signInAs, signOut, trySignIn } from '../support/people';
import { beginToEnrol, change, code, typeCode, typeFirstCode } from '../support/second-step';
import { expect, test } from '../support/test';

test('a manager enrols, and signs in with a code or a recovery code', async ({ page, anotherBrowser }) => {
  const email = await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  await page.goto('/account');
  await page.getByRole('link', { name: 'Activar' }).click();
  await expect(page).toHaveURL('/account/second-step');

  const secret = await beginToEnrol(page, goodPassword);
  await page.getByLabel('Primer código').fill('000000');
  await page.getByRole('button', { name: 'Activar' }).click();
  await expect(page.getByLabel('Primer código')).toHaveAccessibleDescription(/Ese código no sirve/);
  const recovery = await typeFirstCode(page, code(secret));
  expect(recovery).toHaveLength(10);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Descargar' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('surtidor-recovery-codes.txt');
  expect(await readFile(await download.path(), 'utf8')).toContain(recovery.join('\n'));
  // Shown once.
  await page.goto('/account/second-step');
  await expect(page.locator('.recovery-codes')).toHaveCount(0);
  await expect(page.locator('.facts')).toContainText('10');
  await signOut(page);

  await trySignIn(page, email, goodPassword);
  await typeCode(page, '000000');
  await expect(page.getByLabel('Código')).toHaveAccessibleDescription(/Ese código no sirve/);
  await page.goto('/manage/offers');
  await expect(page).toHaveURL(/\/sign-in\?/);
  await page.goto('/sign-in/code');
  await typeCode(page, code(secret, 1));
  await expect(page).toHaveURL('/manage/offers');
  await signOut(page);

  await page.goto('/sign-in?next=%2Fmanage%2Fkeys');
  await page.getByLabel('Correo').fill(email);
  await page.getByLabel('Contraseña', { exact: true }).fill(goodPassword);
  await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
  await typeCode(page, recovery[0]!.toLowerCase());
  await expect(page).toHaveURL('/manage/keys');
  await signOut(page);
  await trySignIn(page, email, goodPassword);
  await typeCode(page, recovery[0]!);
  await expect(page.getByLabel('Código')).toHaveAccessibleDescription(/Ese código no sirve/);
});

test('recovery codes are made anew, and the second step is switched off', async ({ page, anotherBrowser }) => {
  const email = await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  const recovery = await typeFirstCode(page, code(await beginToEnrol(page, goodPassword)));
  await change(page, goodPassword, recovery[0]!, 'Crear otros códigos');
  await expect(page.getByText('Códigos nuevos.')).toBeVisible();
  const others = await page.locator('.recovery-codes code').allTextContents();
  expect(others).toHaveLength(10);
  await change(page, goodPassword, recovery[1]!, 'Desactivar');
  await expect(page.getByLabel('Código', { exact: true })).toHaveAccessibleDescription(/Ese código no sirve/);
  await change(page, goodPassword, others[0]!, 'Desactivar');
  await expect(page.getByText('Segundo paso desactivado.')).toBeVisible();
  await signOut(page);
  await trySignIn(page, email, goodPassword);
  await expect(page).toHaveURL('/manage/offers');
});

test('attendants and consumers have no second step', async ({ page, complaints }) => {
  complaints.expect(/status of 403/);
  await signInAs(page, 'attendant');
  await page.goto('/account');
  await expect(page.getByText('Segundo paso al entrar')).toHaveCount(0);
  await page.goto('/account/second-step');
  await expect(page.getByText('No tienes acceso')).toBeVisible();
});

test('on paper the codes stand alone', async ({ page, anotherBrowser }) => {
  await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  await typeFirstCode(page, code(await beginToEnrol(page, goodPassword)));
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.recovery-codes')).toBeVisible();
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(page.getByLabel('Contraseña actual')).toBeHidden();
});
