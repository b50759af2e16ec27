import { mailedLink } from '../support/mail';
import { goodPassword, signUp, trySignUp, unique } from '../support/people';
import { expect, test } from '../support/test';

test('a form that was filled in wrongly keeps what was typed', async ({ page }) => {
  await trySignUp(page, 'Ana López', 'ana@correo', goodPassword);
  await expect(page.getByRole('alert')).toContainText('Revisa los campos marcados');
  await expect(page.getByLabel('Nombre')).toHaveValue('Ana López');
  const email = page.getByLabel('Correo');
  await expect(email).toHaveValue('ana@correo');
  await expect(email).toHaveAccessibleDescription(/Escribe un correo completo/);
  await expect(page.getByLabel('Contraseña nueva')).toHaveValue('');
});

test('a common password is refused', async ({ page }) => {
  await trySignUp(page, 'Ana López', `${unique()}@correo.test`, 'password123');
  await expect(page.getByLabel('Contraseña nueva')).toHaveAccessibleDescription(/Es muy fácil de adivinar/);
  await expect(page.getByLabel('Nombre')).toHaveValue('Ana López');
});

test('an address that has an account is told so', async ({ page }) => {
  await trySignUp(page, 'Otra Lucía', 'consumer@demo.test', goodPassword);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Correo')).toHaveValue('consumer@demo.test');
});

test('the strength of a password shows while it is typed', { tag: '@scripts' }, async ({ page }) => {
  await page.goto('/sign-up');
  const password = page.getByLabel('Contraseña nueva');
  await expect(async () => {
    await password.fill('');
    await password.pressSequentially('abc');
    await expect(page.getByRole('status')).toHaveText(/débil/i, { timeout: 500 });
  }).toPass();
  await password.fill(goodPassword);
  await expect(page.getByRole('status')).toHaveText('Muy buena');
});

test('someone new signs up and confirms the address by the mailed link', async ({ page }) => {
  const person = await signUp(page);
  await expect(page.getByText('¡Bienvenido!')).toBeVisible();

  await page.goto('/account');
  await expect(page.getByText(person.email)).toBeVisible();
  await expect(page.getByText('Falta confirmar tu correo')).toBeVisible();

  const link = await mailedLink(person.email, '/verify-email');
  await page.goto(link);
  await expect(page.getByText('Correo confirmado')).toBeVisible();
  await page.goto('/account');
  await expect(page.getByText('Falta confirmar tu correo')).toBeHidden();

  // Mail programmes follow links, too: a second visit finds the same.
  await page.goto(link);
  await expect(page.getByText('Correo confirmado')).toBeVisible();
  await page.goto('/verify-email?token=otro');
  await expect(page.getByText('El enlace ya no sirve')).toBeVisible();
});

test('a welcome letter can be sent again', async ({ page }) => {
  const person = await signUp(page);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Mandar otra vez' }).click();
  await expect(page.getByText('Enlace enviado. Revisa tu correo.')).toBeVisible();
  await page.goto(await mailedLink(person.email, '/verify-email', 2));
  await expect(page.getByText('Correo confirmado')).toBeVisible();
});
