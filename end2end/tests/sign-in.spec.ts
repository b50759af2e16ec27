import { mailedLink } from '../support/mail';
import { demo, demoPassword, goodPassword, home, signOut, signUp, trySignIn } from '../support/people';
import { expect, test } from '../support/test';

const otherPassword = 'ocho barcos junto al faro';

test('each role signs in to its own first page and out again', async ({ page }) => {
  for (const role of ['consumer', 'attendant', 'manager', 'admin'] as const) {
    await trySignIn(page, demo[role], demoPassword);
    await expect(page).toHaveURL(home[role]);
    await signOut(page);
  }
});

test('whoever must sign in first comes back to where they were going', async ({ page }) => {
  await page.goto('/wallet');
  await expect(page).toHaveURL('/sign-in?next=%2Fwallet');
  await page.getByLabel('Correo').fill(demo.consumer);
  await page.getByLabel('Contraseña', { exact: true }).fill(demoPassword);
  await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
  await expect(page).toHaveURL('/wallet');
});

test('a wrong password is told without saying whether the account exists', async ({ page }) => {
  const person = await signUp(page);
  await signOut(page);
  const words = 'El correo o la contraseña no son correctos';
  await trySignIn(page, person.email, otherPassword);
  await expect(page.getByRole('alert')).toContainText(words);
  await expect(page.getByLabel('Correo')).toHaveValue(person.email);
  await trySignIn(page, `nadie-${person.email}`, otherPassword);
  await expect(page.getByRole('alert')).toContainText(words);
  await trySignIn(page, person.email, person.password);
  await expect(page).toHaveURL('/offers');
});

test('five wrong passwords lock the address', async ({ page }) => {
  const { email, password } = await signUp(page);
  await signOut(page);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await trySignIn(page, email, otherPassword);
    await expect(page.getByRole('alert')).toBeVisible();
  }
  await trySignIn(page, email, password);
  await expect(page.getByRole('alert')).toContainText('Demasiados intentos');
});

test('a forgotten password is replaced by a mailed link, once', async ({ page }) => {
  const person = await signUp(page);
  await signOut(page);
  await page.goto('/sign-in');
  await page.getByRole('link', { name: '¿Olvidaste tu contraseña?' }).click();
  await page.getByLabel('Correo').fill(person.email);
  await page.getByRole('button', { name: 'Mandar enlace' }).click();
  await expect(page.getByText('Revisa tu correo')).toBeVisible();

  const link = await mailedLink(person.email, '/reset-password');
  await page.goto(link);
  await page.getByLabel('Contraseña nueva').fill('12345678');
  await page.getByRole('button', { name: 'Guardar contraseña' }).click();
  await expect(page.getByLabel('Contraseña nueva')).toHaveAccessibleDescription(/Es muy fácil de adivinar/);
  await page.getByLabel('Contraseña nueva').fill(otherPassword);
  await page.getByRole('button', { name: 'Guardar contraseña' }).click();
  await expect(page.getByText('Contraseña guardada')).toBeVisible();

  await trySignIn(page, person.email, person.password);
  await expect(page.getByRole('alert')).toBeVisible();
  await trySignIn(page, person.email, otherPassword);
  await expect(page).toHaveURL('/offers');
  await page.goto(link);
  await expect(page.getByText('El enlace ya no sirve')).toBeVisible();
});

test('an unknown address is told the same as a known one when a link is asked for', async ({ page }) => {
  await page.goto('/forgot-password');
  await page.getByLabel('Correo').fill('nadie@correo.test');
  await page.getByRole('button', { name: 'Mandar enlace' }).click();
  await expect(page.getByText('Si el correo tiene cuenta, el enlace va en camino')).toBeVisible();
});

test('changing the password ends every other session', async ({ page, anotherBrowser }) => {
  const person = await signUp(page);
  const tablet = await anotherBrowser();
  await trySignIn(tablet, person.email, person.password);
  await expect(tablet).toHaveURL('/offers');

  await page.goto('/account');
  const change = async (current: string, next: string) => {
    await page.getByLabel('Contraseña actual').fill(current);
    await page.getByLabel('Contraseña nueva').fill(next);
    await page.getByRole('button', { name: 'Cambiar contraseña' }).click();
  };
  await change(otherPassword, goodPassword);
  await expect(page.getByLabel('Contraseña actual')).toHaveAccessibleDescription('No es tu contraseña actual.');
  await change(person.password, otherPassword);
  await expect(page.getByText('Contraseña cambiada')).toBeVisible();

  await tablet.goto('/account');
  await expect(tablet).toHaveURL(/\/sign-in/);
  await page.goto('/account');
  await expect(page.getByText(person.email)).toBeVisible();
});

test('signing out everywhere ends the session of another browser', async ({ page, anotherBrowser }) => {
  const person = await signUp(page);
  const tablet = await anotherBrowser();
  await trySignIn(tablet, person.email, person.password);
  await expect(tablet).toHaveURL('/offers');

  await page.goto('/account');
  await page.getByRole('button', { name: 'Salir en todos' }).click();
  await expect(page.getByText('Saliste en todos tus dispositivos.')).toBeVisible();
  await tablet.goto('/wallet');
  await expect(tablet).toHaveURL(/\/sign-in/);
});
