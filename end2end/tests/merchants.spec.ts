import { acceptInvitation, invite, makeMerchant } from '../support/merchants';
import { signInAs } from '../support/people';
import { expect, test } from '../support/test';

test.describe('an admin', () => {
  test.beforeEach(async ({ page }) => signInAs(page, 'admin'));

  test('invites someone who lands at the till, and whose session ends with the job', async ({
    page,
    anotherBrowser,
  }) => {
    const merchant = await makeMerchant(page);
    const { name, email } = await invite(page, 'Despachador');
    const row = page.getByRole('row').filter({ hasText: email });
    await expect(row).toContainText('Invitado');

    const attendant = await anotherBrowser();
    await acceptInvitation(attendant, email);
    await expect(attendant).toHaveURL('/till');
    await page.reload();
    await expect(row).not.toContainText('Invitado');
    await page.goto('/admin/merchants');
    await page.getByRole('link', { name: merchant }).click();

    await page.getByRole('button', { name: `Quitar ${name}` }).click();
    await expect(page.getByText('Listo: ya no tiene acceso.')).toBeVisible();
    await expect(row).toHaveCount(0);
    await attendant.goto('/till');
    await expect(attendant).toHaveURL(/\/sign-in/);
  });

  test('gives a station to a merchant and takes it back', async ({ page, stationOwnership }) => {
    await makeMerchant(page);
    await expect(page.getByText('Ninguna todavía.')).toBeVisible();
    await page.getByLabel('Nombre, permiso o código').fill('Xcumpich');
    await page.getByRole('button', { name: 'Buscar' }).click();
    await page.getByRole('button', { name: 'Agregar Servicio Xcumpich' }).click();
    await expect(page.getByText('Estaciones actualizadas.')).toBeVisible();
    await page.getByRole('button', { name: 'Quitar Servicio Xcumpich' }).click();
    await expect(page.getByText('Ninguna todavía.')).toBeVisible();
  });

  test('is told when no station fits', async ({ page }) => {
    await makeMerchant(page);
    await page.getByLabel('Nombre, permiso o código').fill('no hay tal');
    await page.getByRole('button', { name: 'Buscar' }).click();
    await expect(page.getByText('Ninguna coincide.')).toBeVisible();
  });

  test('is told when a name or an address is taken, and keeps what was typed', async ({ page }) => {
    await page.goto('/admin/merchants');
    await page.getByLabel('Nombre del comercio').fill('Servicio El Faro');
    await page.getByRole('button', { name: 'Crear' }).click();
    await expect(page.getByLabel('Nombre del comercio')).toHaveAccessibleDescription(/Ya está en uso/);
    await expect(page.getByLabel('Nombre del comercio')).toHaveValue('Servicio El Faro');

    await page.getByRole('link', { name: 'Servicio El Faro' }).click();
    await page.getByLabel('Nombre', { exact: true }).fill('Otro Mario');
    await page.getByLabel('Correo').fill('attendant@demo.test');
    await page.getByRole('button', { name: 'Mandar invitación' }).click();
    await expect(page.getByLabel('Correo')).toHaveAccessibleDescription(/Ya está en uso/);
    await expect(page.getByLabel('Nombre', { exact: true })).toHaveValue('Otro Mario');
  });
});
