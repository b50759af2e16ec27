import { newOffer } from '../support/offers';
import { signInAs, unique } from '../support/people';
import { photo, table } from '../support/pictures';
import { expect, test } from '../support/test';

test.describe('a manager', () => {
  test.beforeEach(async ({ page }) => signInAs(page, 'manager'));

  test('gives an offer a picture that customers see, and takes it away', async ({ page, anotherBrowser, publishOffer }) => {
    const offer = await publishOffer({ name: `Capuchino ${unique()}` });
    await page.goto(`/manage/offers/${offer.id}`);
    await expect(page.getByText('Aún no tiene imagen')).toBeVisible();
    await page.getByLabel('Archivo de imagen').setInputFiles(photo());
    await page.getByRole('button', { name: 'Subir imagen' }).click();
    await expect(page.getByRole('status')).toHaveText('Guardado.');
    const picture = page.getByRole('img', { name: `Imagen actual de ${offer.name}` });
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((it: HTMLImageElement) => it.decode().then(() => it.naturalWidth))).toBe(1200);

    const consumer = await anotherBrowser();
    await consumer.goto(`/offers?q=${offer.name.split(' ')[1]}`);
    // The card's link says what it shows, so nobody is read it twice.
    const card = consumer.getByRole('article');
    await expect(card.locator('img[alt=""]')).toHaveAttribute('width', '640');
    await expect(card.getByRole('img', { name: offer.name })).toHaveCount(0);
    await consumer.getByRole('link', { name: offer.name }).click();
    await expect(consumer.getByRole('img', { name: offer.name })).toBeVisible();

    await page.getByRole('button', { name: 'Quitar imagen' }).click();
    await expect(page.getByText('Aún no tiene imagen')).toBeVisible();
    await consumer.reload();
    await expect(consumer.getByRole('img', { name: offer.name })).toHaveCount(0);
  });

  test('is told what is wrong with a file that is no picture', async ({ page, publishOffer }) => {
    const offer = await publishOffer();
    await page.goto(`/manage/offers/${offer.id}`);
    const field = page.getByLabel('Archivo de imagen');
    await field.setInputFiles({ ...table(), name: 'foto.png', mimeType: 'image/png' });
    await page.getByRole('button', { name: 'Subir imagen' }).click();
    await expect(page.getByRole('alert')).toContainText('Revisa los campos marcados');
    await expect(field).toHaveAccessibleDescription(/JPEG, PNG o WebP/);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  });

  test('sees an offer as customers will, and cannot redeem it there', async ({ page, manager }) => {
    const offer = await newOffer(manager, { name: `Ponche ${unique()}`, cost: 77 });
    await manager.send('offers/set-status', { id: offer.id, status: 'paused' });
    await page.goto(`/manage/offers/${offer.id}`);
    await page.getByRole('link', { name: 'Vista previa' }).click();
    await expect(page.getByText('Así ven tus clientes esta oferta')).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: offer.name })).toBeVisible();
    await expect(page.getByText('No disponible')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Canjear por 77 Lumis' })).toBeDisabled();
    await page.getByRole('main').getByRole('link', { name: 'Volver a editar' }).click();
    await expect(page).toHaveURL(`/manage/offers/${offer.id}`);
  });

  test('copies an offer with its picture by one tap', async ({ page, manager, publishOffer }) => {
    const offer = await publishOffer({ name: `Mollete ${unique()}`, cost: 41 });
    await manager.sendFile('offers/set-picture', offer.id, 'image', photo(300, 200));
    await page.goto('/manage/offers?status=active');
    await page.getByRole('button', { name: `Copiar ${offer.name}` }).click();
    await expect(page.getByLabel('Nombre')).toHaveValue(`${offer.name} (copia)`);
    await expect(page.getByText('Borrador')).toBeVisible();
    await expect(page.getByLabel('Costo en Lumis')).toHaveValue('41');
    await expect(page.getByRole('img', { name: /^Imagen actual de/ })).toBeVisible();
    await page.getByRole('link', { name: 'Vista previa' }).click();
    await expect(page.getByText('Todavía es un borrador')).toBeVisible();
    await expect(page.getByText('No disponible')).toHaveCount(0);
  });

  test('imports offers from a spreadsheet after a look at what will happen', async ({ page }) => {
    const word = unique();
    await page.goto('/manage/offers');
    await page.getByRole('link', { name: 'Importar CSV' }).click();
    const send = async (...lines: string[]) => {
      await page.getByLabel('Archivo CSV').setInputFiles(table(...lines));
      await page.getByRole('button', { name: 'Revisar archivo' }).click();
    };
    await send(`Horchata ${word};De arroz.;bebida;0;2026-01-01T00:00;2099-01-01T00:00`);
    await expect(page.getByText('Hay 2 cosas por corregir')).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'points_cost' })).toContainText('de 1 a 1,000,000');
    await expect(page.getByRole('row').filter({ hasText: 'category' })).toContainText('fuel, food');
    await page.getByRole('link', { name: 'Subir otro archivo' }).click();

    await send(
      `Horchata ${word};De arroz.;food;45;2026-01-01T00:00;2099-01-01T00:00`,
      `Tepache ${word};De piña.;food;50;2026-01-01T00:00;2099-01-01T00:00`,
    );
    await expect(page.getByText('2 ofertas nuevas, ningún cambio.')).toBeVisible();
    await page.getByRole('button', { name: 'Importar' }).click();
    await expect(page.getByText('Importado')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Mis ofertas' }).click();
    await page.getByRole('navigation', { name: 'Estado' }).getByRole('link', { name: 'Borrador' }).click();
    const rows = page.getByRole('row').filter({ hasText: word });
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText('Horchata');
  });
});
