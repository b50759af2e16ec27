import { randomUUID } from 'node:crypto';

import { expect, type APIRequest } from '@playwright/test';

import { Client } from './http';
import { mailedLink } from './mail';
import { newOffer, type Offer } from './offers';
import { goodPassword, unique } from './people';
import { takeTurn } from './turn';

/** A redemption made for pages to show. */
export interface Made {
  path: string;
  fullCode: string;
}

/** What pages need to have something to show. */
export interface World {
  offer: Offer;
  pending: Made;
  confirmed: Made;
  cancelled: Made;
  /** Path of an admin's page about the demo's first merchant. */
  merchant: string;
  station: string;
  /** A mailed link to choose a password, not yet used. */
  resetLink: string;
}

/** Makes it all by the product's own forms. */
export async function makeWorld(request: APIRequest, baseURL: string): Promise<World> {
  const offer = await newOffer(request, baseURL, { name: `Café de la semana ${unique()}` });
  const giveBack = await takeTurn('purse');
  const consumer = await Client.signedIn(request, baseURL, 'consumer');
  const made = [];
  for (let count = 0; count < 3; count += 1) {
    made.push(await redeem(consumer, offer));
  }
  const [pending, confirmed, cancelled] = made as [Made, Made, Made];
  await consumer.send('offers/cancel', { id: cancelled.path.split('/').at(-1)! });
  await consumer.close();
  giveBack();
  await confirm(await Client.signedIn(request, baseURL, 'attendant'), confirmed);
  const admin = await Client.signedIn(request, baseURL, 'admin');
  return {
    offer,
    pending,
    confirmed,
    cancelled,
    merchant: await firstLink(admin, '/admin/merchants', 'Gasolineras La Estrella'),
    station: await firstLink(admin, '/stations', 'La Estrella Minerva'),
    resetLink: await askForReset(await Client.nobody(request, baseURL)),
  };
}

async function redeem(consumer: Client, offer: Offer): Promise<Made> {
  const path = await consumer.send('offers/redeem', { offer: offer.id, key: randomUUID() });
  const page = await (await consumer.get(path)).text();
  return { path, fullCode: /LUMS(-[0-9A-Z]{4}){3}/.exec(page)![0] };
}

async function confirm(attendant: Client, { fullCode }: Made): Promise<void> {
  const answer = (await attendant.ask('till/validate', { code: fullCode })) as {
    confirm: { redemption: string; ticket: string };
  };
  await attendant.ask('till/confirm', answer.confirm);
  await attendant.close();
}

async function firstLink(client: Client, path: string, text: string): Promise<string> {
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
