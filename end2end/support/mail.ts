import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { mailFolder } from './environment';

/** The link in the newest letter to `address` that leads to `path`, as soon as there are `letters` of them. */
export async function mailedLink(address: string, path: string, letters = 1): Promise<string> {
  let links: string[] = [];
  await expect
    .poll(async () => {
      links = await linksTo(address, path);
      return links.length;
    }, { message: `letters to ${address} that lead to ${path}` })
    .toBe(letters);
  return links.at(-1)!;
}

async function linksTo(address: string, path: string): Promise<string[]> {
  const text = await readFile(join(mailFolder, `${address}.txt`), 'utf8').catch(() => '');
  return text.match(/https?:\/\/\S+/g)?.filter((link) => new URL(link).pathname === path) ?? [];
}
