import { signUp, unique } from '../support/people';
import { expect, test } from '../support/test';

test('a search finds an offer by a word in it, and says when there is none', async ({ page }) => {
  await page.goto('/offers');
  await page.getByLabel('Buscar').fill('americano');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Café americano grande' })).toBeVisible();

  await page.getByLabel('Buscar').fill(unique());
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(page.getByText('Nada coincide')).toBeVisible();
  await page.getByRole('link', { name: 'Ver todas' }).click();
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('category, cost and order narrow and sort the list', async ({ page }) => {
  await page.goto('/offers');
  await page.getByRole('link', { name: 'Lavado', exact: true }).click();
  await page.getByLabel('Orden').selectOption('Menor costo');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  const titles = page.getByRole('article').getByRole('link');
  await expect(titles).toHaveText(['Lavado exterior', 'Lavado completo con aspirado']);
  await page.getByLabel('Costo máximo').fill('500');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(titles).toHaveText(['Lavado exterior']);
});

test('a long list goes on over pages, and back to the beginning', async ({ page, publishOffer }) => {
  const word = unique();
  for (let count = 1; count <= 21; count += 1) {
    await publishOffer({ name: `${word} ${count}` });
  }
  await page.goto(`/offers?q=${word}`);
  await expect(page.getByRole('article')).toHaveCount(20);
  await page.getByRole('link', { name: 'Ver más' }).click();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('link', { name: `${word} 1`, exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Volver al principio' }).click();
  await expect(page.getByRole('article')).toHaveCount(20);
});

test('a consumer sees what is within reach, and what is missing for the rest', async ({ page }) => {
  await signUp(page);
  await page.goto('/offers?q=juego');
  await expect(page.getByText('Juego de llaves de cruz')).toBeVisible();
  await page.getByRole('link', { name: /^Me alcanza/ }).click();
  await expect(page.getByText('Nada coincide')).toBeVisible();
  await page.goto('/offers?q=juego');
  await page.getByRole('link', { name: 'Juego de llaves de cruz' }).click();
  await expect(page.getByText(/Te faltan [\d,]+ Lumis/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Canjear por 3,500 Lumis' })).toBeDisabled();
});

test('someone who is not signed in is sent to sign in and back to the offer', async ({ page }) => {
  await page.goto('/offers?q=americano');
  await page.getByRole('link', { name: 'Café americano grande' }).click();
  const offer = page.url();
  await page.getByRole('link', { name: 'Entrar y canjear' }).click();
  await page.getByLabel('Correo').fill('consumer@demo.test');
  await page.getByLabel('Contraseña', { exact: true }).fill('surtidor-demo');
  await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
  await expect(page).toHaveURL(offer);
  await expect(page.getByRole('button', { name: 'Canjear por 120 Lumis' })).toBeEnabled();
});
