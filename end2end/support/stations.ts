import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { binary, database } from './environment';

/** More than a page of the list shows. */
const count = 30;

/** Imports more stations than a page shows, all farther from Guadalajara than the demo's. The same files a
 * second time change nothing. */
export async function importStations(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'surtidor-stations-'));
  const [places, prices, rejected] = ['places.xml', 'prices.xml', 'rejected.csv'].map((name) => join(folder, name));
  await writeFile(places!, file(place));
  await writeFile(prices!, file(price));
  const options = ['--places', places!, '--prices', prices!, '--rejected', rejected!, '--as-of', '2026-01-15'];
  await promisify(execFile)(binary, ['import', 'cre', ...options], { env: { ...process.env, DATABASE_URL: database } });
  await rm(folder, { recursive: true });
}

function file(line: (number: number) => string): string {
  return `<places>${Array.from({ length: count }, (_, at) => line(at + 1)).join('')}</places>`;
}

function place(number: number): string {
  return `<place place_id="${number}"><name>Servicio Aguascalientes ${number}</name>
    <cre_id>PL/${90_000 + number}/EXP/ES/2015</cre_id>
    <location><x>${-102.29 + number / 500}</x><y>21.88</y></location></place>`;
}

function price(number: number): string {
  const fuels = [['regular', 23.19], ['premium', 25.29], ['diesel', 24.59]] as const;
  const lines = fuels.map(([fuel, pesos]) => `<gas_price type="${fuel}">${(pesos + number / 50).toFixed(2)}</gas_price>`);
  return `<place place_id="${number}">${lines.join('')}</place>`;
}
