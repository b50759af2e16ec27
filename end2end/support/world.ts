import { randomUUID } from 'node:crypto';

import { expect, type APIRequest } from '@playwright/test';

import { Client } from './http';
import { mailedLink } from './mail';
import { newOffer, type Offer, type OfferWishes } from './offers';
import { goodPassword, unique } from './people';
import { photo } from './pictures';
import { importStations } from './stations';
import { takeTurn } from './turn';

/** A redemption made for pages to show. */
export interface Made {
  id: string;
  path: string;
  fullCode: string;
}

/** What pages need to have something to show. */
export interface World {
  offer: Offer;
  /** One with a picture. */
  pictured: Offer;
  paused: Offer;
  over: Offer;
  pending: Made;
  confirmed: Made;
  cancelled: Made;
  /** Expires within a minute of being made. */
  expiring: Made;
  /** Makes one more redemption and confirms it. */
  confirmAnother: () => Promise<Made>;
  /** Path of an admin's page about the demo's first merchant. */
  merchant: string;
  station: string;
  /** A mailed link to choose a password, not yet used. */
  resetLink: string;
}

/** As merchants would write them, a set for each worker: people look at the pictures. */
const menus = [
  {
    offer: 'Café de la semana',
    pictured: 'Capuchino con canela',
    paused: 'Chocolate caliente',
    over: 'Ponche de temporada',
    brief: 'Café de prisa',
  },
  {
    offer: 'Molletes con café',
    pictured: 'Té de manzanilla',
    paused: 'Atole de guayaba',
    over: 'Pan de muerto',
    brief: 'Galleta de avena',
  },
  {
    offer: 'Jugo de naranja',
    pictured: 'Café con leche',
    paused: 'Agua de jamaica',
    over: 'Rosca de Reyes',
    brief: 'Fruta picada',
  },
];

const wishes: Partial<OfferWishes> = {
  description: 'Hecho en el momento, con lo que hay en el mercado. Pídelo en la barra de la tienda.',
  category: 'food',
  cost: 35,
  limit: 12,
};

/** Makes it all by the product's own forms. */
export async function makeWorld(request: APIRequest, baseURL: string, manager: Client): Promise<World> {
  const menu = menus[Number(process.env.TEST_WORKER_INDEX) % menus.length]!;
  const offer = await newOffer(manager, { ...wishes, name: menu.offer });
  const pictured = await newOffer(manager, { ...wishes, name: menu.pictured });
  await manager.sendFile('offers/set-picture', pictured.id, 'image', photo());
  const paused = await newOffer(manager, { ...wishes, name: menu.paused });
  await manager.send('offers/set-status', { id: paused.id, status: 'paused' });
  const over = await newOffer(manager, { ...wishes, name: menu.over, until: '2026-01-06' });
  const brief = await newOffer(manager, { ...wishes, name: menu.brief, lifetime: 1 });
  await importStations();
  const consumer = await Client.signedIn(request, baseURL, 'consumer');
  const attendant = await Client.signedIn(request, baseURL, 'attendant');
  const admin = await Client.signedIn(request, baseURL, 'admin');
  const confirmAnother = async () => confirm(attendant, await redeem(consumer, offer));
  const cancelled = await redeem(consumer, offer);
  await withPurse(() => consumer.send('offers/cancel', { id: cancelled.id }));
  const expiring = await redeem(consumer, brief);
  await manager.send('offers/set-status', { id: brief.id, status: 'paused' });
  return {
    offer,
    pictured,
    paused,
    over,
    pending: await redeem(consumer, offer),
    confirmed: await confirmAnother(),
    cancelled,
    expiring,
    confirmAnother,
    merchant: await linkTo(admin, '/admin/merchants', 'Gasolineras La Estrella'),
    station: await linkTo(admin, '/stations', 'La Estrella Minerva'),
    resetLink: await askForReset(await Client.nobody(request, baseURL)),
  };
}

async function redeem(consumer: Client, offer: Offer): Promise<Made> {
  const path = await withPurse(() => consumer.send('offers/redeem', { offer: offer.id, key: randomUUID() }));
  const page = await (await consumer.get(path)).text();
  return { id: path.split('/').at(-1)!, path, fullCode: /LUMS(-[0-9A-Z]{4}){3}/.exec(page)![0] };
}

/** While nobody else counts the demo consumer's points. */
async function withPurse<T>(act: () => Promise<T>): Promise<T> {
  const giveBack = await takeTurn('purse');
  try {
    return await act();
  } finally {
    giveBack();
  }
}

async function confirm(attendant: Client, made: Made): Promise<Made> {
  const answer = (await attendant.ask('till/validate', { code: made.fullCode })) as {
    confirm: { redemption: string; ticket: string };
  };
  await attendant.ask('till/confirm', answer.confirm);
  return made;
}

async function linkTo(client: Client, path: string, text: string): Promise<string> {
  const page = await (await client.get(path)).text();
  const links = [...page.matchAll(/<a[^>]*href="([^"]+)"[^>]*>([^<]*)</g)];
  const link = links.find(([, , name]) => name === text);
  expect(link, `a link ${text} on ${path}`).toBeDefined();
  return link![1]!;
}

async function askForReset(nobody: Client): Promise<string> {
  const email = `${unique()}@correo.test`;
  await nobody.send('identity/sign-up', { name: 'Ana López', email, password: goodPassword });
  await nobody.send('identity/forgot-password', { email });
  await nobody.close();
  return mailedLink(email, '/reset-password');
}
