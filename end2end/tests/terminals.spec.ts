import { signInAsStranger } from '../support/merchants';
import { goodPassword, signOut, unique } from '../support/people';
import { nameTerminal, pin, setPin } from '../support/terminals';
import { expect, test } from '../support/test';
import { openTill } from '../support/till';

test('on a shared device people choose themselves, type their PIN, and have the till alone', async ({
  page,
  anotherBrowser,
}) => {
  await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  const terminal = `Bomba ${unique()}`;
  await nameTerminal(page, terminal);
  await expect(page.getByText(`Este equipo es la terminal "${terminal}".`)).toBeVisible();
  await setPin(page, goodPassword);
  await signOut(page);

  await page.goto('/till');
  await expect(page).toHaveURL('/till/people');
  await page.locator('.till-people a').click();
  await page.getByLabel('PIN').fill('0852');
  await page.getByRole('button', { name: 'Entrar' }).click();
  await expect(page.getByText('Ese no es el PIN.')).toBeVisible();
  await page.getByLabel('PIN').fill(pin);
  await page.getByRole('button', { name: 'Entrar' }).click();
  await expect(page).toHaveURL('/till');
  await openTill(page);
  await expect(page.getByRole('heading', { level: 1, name: terminal })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Terminales' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Cambiar de persona' }).click();
  await expect(page).toHaveURL('/till/people');
});

test('a manager’s PIN opens none of a manager’s pages', { tag: '@once' }, async ({ page, anotherBrowser, complaints }) => {
  complaints.expect(/status of 403/);
  await signInAsStranger(page, await anotherBrowser(), 'Encargado');
  await nameTerminal(page, `Bomba ${unique()}`);
  await setPin(page, goodPassword);
  await signOut(page);
  await page.goto('/till/people');
  await page.locator('.till-people a').click();
  await page.getByLabel('PIN').fill(pin);
  await page.getByRole('button', { name: 'Entrar' }).click();
  await expect(page).toHaveURL('/till');
  for (const closed of ['/manage/offers', '/manage/terminals', '/account']) {
    const answer = await page.goto(closed);
    expect(answer?.status(), closed).toBe(403);
  }
});
