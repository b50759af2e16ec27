import { expect, type Page } from '@playwright/test';

import { signInAsStranger } from './merchants';
import { demo, demoPassword, goodPassword, signInAs, signOut, signUp, trySignIn, trySignUp, unique } from './people';
import { table } from './pictures';
import { beginToEnrol, change, code, typeCode, typeFirstCode } from './second-step';
import { nameTerminal, setPin } from './terminals';
import { check, expectWord, openTill } from './till';
import { addWebhook, sendTest } from './webhooks';
import type { World } from './world';

/** Who looks at a page. */
export type Viewer = 'nobody' | 'newcomer' | 'consumer' | 'attendant' | 'manager' | 'admin';

/** A page in one of its states. */
export interface State {
  /** Names the picture. */
  name: string;
  /** Where it is, or how to get there; whoever looks is signed in already. */
  at: string | ((world: World, page: Page, anotherPage: () => Promise<Page>) => string | Promise<string | void>);
  /** Its status, where it is not 200. */
  status?: 403 | 404;
}

/** What browsers complain about where a page is not to be had or a till is not answered. */
export const complaintsOfStates = /status of (40[34]|413)|ERR_FAILED/;

/** The address of the manager whose first steps are looked at. */
let stranger = '';

/** Every page in every state worth looking at, by who looks. */
export const states: Record<Viewer, State[]> = {
  nobody: [
    { name: 'home', at: '/' },
    { name: 'offers-signed-out', at: '/offers' },
    { name: 'offers-none-found', at: '/offers?q=nada+de+nada' },
    { name: 'offer-signed-out', at: ({ offer }) => `/offers/${offer.id}` },
    { name: 'offer-pictured-signed-out', at: ({ pictured }) => `/offers/${pictured.id}` },
    {
      name: 'offers-of-merchant',
      at: async ({ offer }, page) => {
        await page.goto(`/offers/${offer.id}`);
        await page.getByRole('link', { name: /^Más ofertas de/ }).click();
        await expect(page.getByRole('link', { name: /^De / })).toBeVisible();
      },
    },
    { name: 'offer-paused', at: ({ paused }) => `/offers/${paused.id}` },
    { name: 'offer-over', at: ({ over }) => `/offers/${over.id}` },
    { name: 'stations', at: '/stations' },
    {
      name: 'stations-second-page',
      at: async (_, page) => {
        await page.goto('/stations');
        await page.getByRole('link', { name: 'Ver más' }).click();
        await expect(page.getByRole('link', { name: 'Volver al principio' })).toBeVisible();
      },
    },
    { name: 'stations-unknown-place', at: '/stations?place=Atlantis' },
    { name: 'station', at: ({ station }) => station },
    { name: 'sign-in', at: '/sign-in' },
    {
      name: 'sign-in-error',
      at: async (_, page) => {
        await trySignIn(page, `${unique()}@correo.test`, goodPassword);
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    { name: 'sign-in-code-over', at: '/sign-in/code' },
    { name: 'sign-up', at: '/sign-up' },
    {
      name: 'sign-up-errors',
      at: async (_, page) => {
        await trySignUp(page, 'Ana López', 'ana@correo', goodPassword);
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    { name: 'sign-up-invited', at: '/sign-up?ref=ABCDEFGHJK' },
    {
      name: 'sign-up-unknown-code',
      at: async (_, page) => {
        await page.goto('/sign-up?ref=ABCDEFGHJK');
        await page.getByLabel('Nombre').fill('Ana López');
        await page.getByLabel('Correo').fill(`${unique()}@correo.test`);
        await page.getByLabel('Contraseña nueva').fill(goodPassword);
        await page.getByRole('main').getByRole('button', { name: 'Crear cuenta' }).click();
        await expect(page.getByText('No encontramos a nadie')).toBeVisible();
      },
    },
    { name: 'member-landing', at: '/m/ABCDEFGHJK' },
    { name: 'forgot-password', at: '/forgot-password' },
    { name: 'forgot-password-sent', at: '/forgot-password?sent=1' },
    { name: 'reset-password', at: ({ resetLink }) => resetLink },
    { name: 'reset-password-spent', at: '/reset-password?token=otro' },
    { name: 'verify-email-spent', at: '/verify-email?token=otro' },
    { name: 'landing-pending', at: ({ pending }) => `/r/${pending.fullCode}` },
    { name: 'landing-used', at: ({ confirmed }) => `/r/${confirmed.fullCode}` },
    { name: 'not-found', at: '/no-hay-tal', status: 404 },
    {
      // What is told where no page can be made: here of a form that is too long.
      name: 'fault',
      at: async (_, page) => {
        await page.goto('/');
        const told = await page.request.post('/api/identity/sign-in', {
          form: { email: 'x'.repeat(300_000) },
          headers: { accept: 'text/html', origin: new URL(page.url()).origin },
        });
        const answer = { body: await told.text(), status: 413, contentType: 'text/html; charset=utf-8' };
        await page.route('/a-fault', (route) => route.fulfill(answer));
        await page.goto('/a-fault');
      },
    },
    { name: 'offer-not-found', at: '/offers/01890000-0000-7000-8000-000000000000', status: 404 },
  ],
  newcomer: [
    { name: 'welcome', at: '/offers?welcome=1' },
    { name: 'wallet-empty', at: '/wallet' },
    { name: 'redemptions-empty', at: '/redemptions' },
    { name: 'account-unverified', at: '/account' },
    { name: 'offer-too-dear', at: ({ offer }) => `/offers/${offer.id}` },
    { name: 'offer-over-signed-in', at: ({ over }) => `/offers/${over.id}` },
  ],
  consumer: [
    { name: 'offers', at: '/offers' },
    { name: 'offer', at: ({ offer }) => `/offers/${offer.id}` },
    { name: 'offer-pictured', at: ({ pictured }) => `/offers/${pictured.id}` },
    { name: 'redemption-pending', at: ({ pending }) => pending.path },
    { name: 'redemption-confirmed', at: ({ confirmed }) => confirmed.path },
    { name: 'redemption-cancelled', at: ({ cancelled }) => cancelled.path },
    { name: 'redemptions', at: '/redemptions' },
    { name: 'wallet', at: '/wallet' },
    { name: 'wallet-narrowed', at: '/wallet?direction=in&kind=purchase' },
    { name: 'wallet-none-found', at: '/wallet?kind=referral&from=2020-01-01&until=ayer' },
    { name: 'card', at: '/card' },
    { name: 'member-landing-consumer', at: '/m/ABCDEFGHJK' },
    { name: 'account', at: '/account' },
    {
      name: 'account-errors',
      at: async (_, page) => {
        await page.goto('/account');
        await page.getByLabel('Contraseña actual').fill(goodPassword);
        await page.getByLabel('Contraseña nueva').fill(goodPassword);
        await page.getByRole('button', { name: 'Cambiar contraseña' }).click();
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    { name: 'forbidden', at: '/till', status: 403 },
    {
      name: 'redemption-expired',
      at: async ({ expiring }, page) => {
        const expired = page.locator('.ticket[data-state="expired"]');
        await expect(async () => {
          await page.goto(expiring.path);
          await expect(expired).toBeVisible({ timeout: 100 });
        }).toPass({ timeout: 90_000 });
      },
    },
  ],
  attendant: [
    { name: 'till', at: '/till' },
    { name: 'till-good', at: ({ pending }) => `/till?code=${pending.fullCode}` },
    { name: 'till-used', at: ({ confirmed }) => `/till?code=${confirmed.fullCode}` },
    { name: 'till-bad', at: '/till?code=NADA' },
    { name: 'till-cancelled', at: ({ cancelled }) => `/till?code=${cancelled.fullCode}` },
    {
      name: 'till-offline',
      at: async (_, page) => {
        await openTill(page);
        await page.route('**/api/till/validate', (route) => route.abort());
        await check(page, 'ABCDEF');
        await expectWord(page, 'Sin respuesta');
        await page.unroute('**/api/till/validate');
      },
    },
    {
      name: 'till-camera-failed',
      at: async (_, page) => {
        await openTill(page);
        await page.getByRole('button', { name: 'Encender cámara' }).click();
        await expect(page.getByText('No hay cámara o no diste permiso')).toBeVisible();
      },
    },
    {
      name: 'till-disconnected',
      at: async (_, page) => {
        await openTill(page);
        await page.evaluate(() => window.dispatchEvent(new Event('offline')));
        await expect(page.getByText('Sin conexión: no se pueden revisar códigos.')).toBeVisible();
      },
    },
    { name: 'till-people-no-terminal', at: '/till/people' },
    { name: 'account-attendant', at: '/account' },
    { name: 'till-done', at: async ({ confirmAnother }) => `/till?done=${(await confirmAnother()).id}` },
    { name: 'landing-attendant', at: ({ pending }) => `/r/${pending.fullCode}` },
    { name: 'member-landing-attendant', at: '/m/ABCDEFGHJK' },
    { name: 'offer-attendant', at: ({ offer }) => `/offers/${offer.id}` },
  ],
  manager: [
    { name: 'manage', at: '/manage/offers' },
    { name: 'manage-new', at: '/manage/offers/new' },
    {
      name: 'manage-new-errors',
      at: async (_, page) => {
        await page.goto('/manage/offers/new');
        await page.getByLabel('Nombre').fill('Torta de la casa');
        await page.getByLabel('Descripción').fill('Con todo.');
        await page.getByLabel('Costo en Lumis').fill('9999999');
        await page.getByRole('button', { name: 'Guardar' }).click();
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    { name: 'manage-edit', at: ({ offer }) => `/manage/offers/${offer.id}` },
    { name: 'manage-edit-pictured', at: ({ pictured }) => `/manage/offers/${pictured.id}` },
    {
      name: 'manage-picture-error',
      at: async ({ offer }, page) => {
        await page.goto(`/manage/offers/${offer.id}`);
        await page.getByLabel('Archivo de imagen').setInputFiles(table());
        await page.getByRole('button', { name: 'Subir imagen' }).click();
        await expect(page.getByText('No es una imagen que podamos leer')).toBeVisible();
      },
    },
    { name: 'manage-preview', at: ({ pictured }) => `/manage/offers/${pictured.id}/preview` },
    { name: 'manage-none-of-status', at: '/manage/offers?status=draft&after=01890000-0000-7000-8000-000000000000' },
    { name: 'import', at: '/manage/offers/import' },
    {
      name: 'import-error',
      at: async (_, page) => {
        await page.goto('/manage/offers/import');
        const buffer = Buffer.from('Café', 'latin1');
        await page.getByLabel('Archivo CSV').setInputFiles({ ...table(), buffer });
        await page.getByRole('button', { name: 'Revisar archivo' }).click();
        await expect(page.getByText('CSV UTF-8')).toBeVisible();
      },
    },
    {
      name: 'import-flawed',
      at: async (_, page) => {
        await page.goto('/manage/offers/import');
        const bad = table('Té;Verde.;té;0;mañana;2099-01-01T00:00', 'Agua de jamaica;;food;45;2026-01-01T00:00;');
        await page.getByLabel('Archivo CSV').setInputFiles(bad);
        await page.getByRole('button', { name: 'Revisar archivo' }).click();
        await expect(page.getByText('No se importó nada')).toBeVisible();
      },
    },
    {
      name: 'import-ready',
      at: async (_, page) => {
        await page.goto('/manage/offers/import');
        const good = table(
          'Té verde con limón;Recién hecho.;food;45;2026-01-01T00:00;2099-01-01T00:00',
          'Limpiaparabrisas;El par, colocado.;car_care;1200;2026-01-01T00:00;2099-01-01T00:00',
        );
        await page.getByLabel('Archivo CSV').setInputFiles(good);
        await page.getByRole('button', { name: 'Revisar archivo' }).click();
        await expect(page.getByRole('button', { name: 'Importar' })).toBeVisible();
      },
    },
    {
      name: 'import-done',
      at: async (_, page) => {
        await page.goto('/manage/offers/import');
        const good = table(`Agua fresca ${unique()};De la casa.;food;45;2026-01-01T00:00;2099-01-01T00:00`);
        await page.getByLabel('Archivo CSV').setInputFiles(good);
        await page.getByRole('button', { name: 'Revisar archivo' }).click();
        await page.getByRole('button', { name: 'Importar' }).click();
        await expect(page.getByText('Importado')).toBeVisible();
      },
    },
    { name: 'manage-saved', at: ({ offer }) => `/manage/offers/${offer.id}?saved=1` },
    { name: 'terminals', at: '/manage/terminals' },
    {
      name: 'terminals-named',
      at: async (_, page) => nameTerminal(page, `Bomba ${unique()}`),
    },
    {
      name: 'till-people',
      at: async (_, page) => {
        await setPin(page, demoPassword);
        return '/till/people';
      },
    },
    {
      name: 'till-pin',
      at: async (_, page) => {
        await page.goto('/till/people');
        await page.locator('.till-people a').first().click();
        await expect(page.getByLabel('PIN')).toBeVisible();
      },
    },
    { name: 'webhooks', at: '/manage/webhooks' },
    {
      name: 'webhooks-error',
      at: async (_, page) => {
        await page.goto('/manage/webhooks');
        await page.getByLabel('Dirección').fill('ftp://pos.ejemplo.mx/surtidor');
        await page.getByRole('button', { name: 'Agregar' }).click();
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    {
      name: 'webhook-new',
      at: async (_, page, anotherPage) => {
        await signInAsStranger(page, await anotherPage(), 'Encargado');
        await addWebhook(page, 'http://127.0.0.1:9/surtidor');
      },
    },
    {
      name: 'webhooks-one',
      at: '/manage/webhooks',
    },
    {
      name: 'webhook-failing',
      at: async (_, page) => {
        await page.goto('/manage/webhooks');
        await page.getByRole('link', { name: '127.0.0.1' }).click();
        await sendTest(page, 'En camino');
      },
    },
    {
      name: 'webhook-rotate',
      at: async (_, page) => {
        await page.goto('/manage/webhooks');
        await page.getByRole('link', { name: '127.0.0.1' }).click();
        await page.getByRole('link', { name: 'Cambiar secreto' }).click();
      },
    },
    {
      name: 'webhook-delete',
      at: async (_, page) => {
        await page.getByRole('link', { name: 'Dejarlo como está' }).click();
        await page.getByRole('link', { name: 'Eliminar' }).click();
        await expect(page.getByRole('button', { name: 'Sí, eliminarlo' })).toBeVisible();
      },
    },
    {
      name: 'manage-empty',
      at: async (_, page, anotherPage) => {
        stranger = await signInAsStranger(page, await anotherPage(), 'Encargado');
        await expect(page).toHaveURL('/manage/offers');
      },
    },
    // The rest is the stranger's.
    { name: 'second-step', at: '/account/second-step' },
    {
      name: 'second-step-scan',
      at: async (_, page) => void (await beginToEnrol(page, goodPassword)),
    },
    {
      name: 'second-step-codes',
      at: async (_, page) => {
        const secret = await page.locator('.secret').textContent();
        await typeFirstCode(page, code(secret!));
      },
    },
    {
      name: 'second-step-errors',
      at: async (_, page) => {
        await change(page, goodPassword, '000000', 'Desactivar');
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    {
      name: 'sign-in-code',
      at: async (_, page) => {
        await signOut(page);
        await trySignIn(page, stranger, goodPassword);
        await expect(page).toHaveURL('/sign-in/code');
      },
    },
    {
      name: 'sign-in-code-error',
      at: async (_, page) => {
        await typeCode(page, '000000');
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
  ],
  admin: [
    { name: 'merchants', at: '/admin/merchants' },
    {
      name: 'merchants-error',
      at: async (_, page) => {
        await page.goto('/admin/merchants');
        await page.getByLabel('Nombre del comercio').fill('Servicio El Faro');
        await page.getByRole('button', { name: 'Crear' }).click();
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    { name: 'adjustments', at: '/admin/adjustments' },
    { name: 'adjustments-none-found', at: '/admin/adjustments?status=rejected' },
    {
      name: 'adjustments-errors',
      at: async (_, page) => {
        await page.goto('/admin/adjustments');
        await page.getByLabel('Correo del cliente').fill('nadie@correo.test');
        await page.getByLabel('Puntos', { exact: true }).fill('120');
        await page.getByLabel('Motivo').fill('La bomba 2 no imprimió el recibo.');
        await page.getByRole('button', { name: 'Ajustar' }).click();
        await expect(page.getByText('No encontramos a nadie')).toBeVisible();
      },
    },
    {
      name: 'adjustments-asked',
      at: async (_, page) => {
        await page.goto('/admin/adjustments');
        await page.getByLabel('Correo del cliente').fill(demo.consumer);
        await page.getByLabel('Puntos', { exact: true }).fill('1200');
        await page.getByLabel('Motivo').fill('Compensación por un lavado que no se dio.');
        await page.getByRole('button', { name: 'Ajustar' }).click();
        await expect(page.getByText('Falta que otro administrador lo apruebe')).toBeVisible();
      },
    },
    { name: 'merchant', at: ({ merchant }) => merchant },
    { name: 'merchant-stations', at: ({ merchant }) => `${merchant}?q=Faro` },
    { name: 'merchant-none-found', at: ({ merchant }) => `${merchant}?q=nada+de+nada` },
  ],
};

/** Opens a page in a state, for someone who is signed in already. */
export async function open(
  state: State,
  world: World,
  page: Page,
  anotherPage: () => Promise<Page>,
): Promise<void> {
  const at = typeof state.at === 'string' ? state.at : await state.at(world, page, anotherPage);
  if (at) {
    const answer = await page.goto(at);
    expect(answer?.status(), at).toBe(state.status ?? 200);
  }
  if ((await page.locator('.till').count()) > 0) {
    // What scripts add; on a phone it makes room for a result.
    await expect(page.locator('.till-video')).not.toHaveAttribute('hidden');
  }
}

/** Signs in whoever looks. */
export async function become(viewer: Viewer, page: Page): Promise<void> {
  if (viewer === 'newcomer') {
    await signUp(page);
  } else if (viewer !== 'nobody') {
    await signInAs(page, viewer);
  }
}
