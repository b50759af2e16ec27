import { expect, type Page } from '@playwright/test';

import type { Client } from './http';
import { unique } from './people';

/** An offer that is on sale. */
export interface Offer {
  id: string;
  name: string;
  cost: number;
}

/** What matters about an offer to a test. */
export interface OfferWishes {
  name: string;
  cost: number;
  /** How often one consumer may have it. */
  limit: number;
  description: string;
  category: 'food' | 'shop';
  /** Minutes in which a redemption must be used. */
  lifetime: number;
  /** The last day it is to be had. */
  until: string;
}

/** Publishes an offer as the demo's manager does, by the same forms but without a browser. */
export async function newOffer(
  manager: Client,
  wishes: Partial<OfferWishes> = {},
): Promise<Offer> {
  const { name = `Oferta ${unique()}`, cost = 1, limit = 100, lifetime = 15, until = '2099-12-31' } = wishes;
  const path = await manager.send('offers/save', {
    'offer[name]': name,
    'offer[description]': wishes.description ?? 'Para una prueba.',
    'offer[terms]': '',
    'offer[category]': wishes.category ?? 'shop',
    'offer[points_cost]': String(cost),
    'offer[stock_quantity]': '',
    'offer[max_per_user]': String(limit),
    'offer[lifetime_minutes]': String(lifetime),
    valid_from: '2020-01-01T00:00',
    valid_to: `${until}T23:59`,
  });
  const id = path.split('/').at(-1)!;
  await manager.send('offers/set-status', { id, status: 'active' });
  return { id, name, cost };
}

/** Redeems an offer on its page. */
export async function redeem(page: Page, offer: Offer): Promise<Ticket> {
  await page.goto(`/offers/${offer.id}`);
  await page.getByRole('button', { name: new RegExp(`^Canjear (otra )?por ${offer.cost} Lumis`) }).click();
  return openTicket(page, offer);
}

/** What a pending redemption's page shows. */
export interface Ticket {
  /** The page's path. */
  path: string;
  shortCode: string;
  fullCode: string;
}

/** Reads the redemption on screen. */
export async function openTicket(page: Page, offer: Offer): Promise<Ticket> {
  await expect(page.getByRole('heading', { level: 1, name: offer.name })).toBeVisible();
  await expect(page.getByText('Listo para usar')).toBeVisible();
  return {
    path: new URL(page.url()).pathname,
    shortCode: await page.locator('.short-code').innerText(),
    fullCode: await page.locator('.ticket-code').innerText(),
  };
}

/** Cancels the redemption on screen. */
export async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancelar y recuperar mis puntos' }).click();
  await expect(page.getByText('Tus puntos ya regresaron')).toBeVisible();
}

/** The balance on the wallet's page. */
export async function balance(page: Page): Promise<number> {
  await page.goto('/wallet');
  const figure = await page.locator('.balance-figure .dial .visually-hidden').innerText();
  return Number(figure.replaceAll(',', ''));
}
