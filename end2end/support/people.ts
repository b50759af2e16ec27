import { expect, type Page } from '@playwright/test';

import { url } from './environment';

/** The password of everyone in the demo. */
export const demoPassword = 'surtidor-demo';

/** The demo's people, by role. */
export const demo = {
  consumer: 'consumer@demo.test',
  attendant: 'attendant@demo.test',
  manager: 'manager@demo.test',
  admin: 'admin@demo.test',
} as const;

/** A password that is hard enough. */
export const goodPassword = 'nueve lunas sobre el cerro';

/** The first page of each role. */
export const home = {
  consumer: '/offers',
  attendant: '/till',
  manager: '/manage/offers',
  admin: '/admin/merchants',
} as const;

/** A word that no other test uses. */
export function unique(): string {
  return Math.random().toString(36).slice(2, 10).padEnd(8, 'x');
}

/** Fills in the form of the sign-in page and sends it. */
export async function trySignIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Correo').fill(email);
  await page.getByLabel('Contraseña', { exact: true }).fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
}

/** Signs one of the demo's people in by the form alone, for tests that are not about signing in. No page is open then. */
export async function signInAs(page: Page, role: keyof typeof demo): Promise<void> {
  const answer = await page.request.post('/api/identity/sign-in', {
    form: { email: demo[role], password: demoPassword },
    headers: { origin: url, accept: 'text/html' },
    maxRedirects: 0,
  });
  expect(answer.headers().location).toMatch(new RegExp(`${home[role]}$`));
}

/** Signs out, whoever is signed in. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Salir' }).click();
  await expect(page).toHaveURL('/');
}

/** Fills in the form of the sign-up page and sends it. */
export async function trySignUp(page: Page, name: string, email: string, password: string): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('Nombre').fill(name);
  await page.getByLabel('Correo').fill(email);
  await page.getByLabel('Contraseña nueva').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Crear cuenta' }).click();
}

/** Someone new, who has just signed up and is signed in. */
export async function signUp(page: Page): Promise<{ name: string; email: string; password: string }> {
  const word = unique();
  const person = { name: `Ana ${word}`, email: `${word}@correo.test`, password: goodPassword };
  await trySignUp(page, person.name, person.email, person.password);
  await expect(page).toHaveURL('/offers?welcome=1');
  return person;
}
