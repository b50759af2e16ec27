import { expect, type Page } from '@playwright/test';

/** What the till can say, by its largest word. */
export type Word =
  | 'Listo'
  | 'Válido'
  | 'Ya confirmado'
  | 'Ya usado'
  | 'No válido'
  | 'Confirmado'
  | 'Sin respuesta'
  | 'Miembro'
  | 'Ya acreditado'
  | 'Recibo ya usado'
  | '¿Revertir esta venta?'
  | 'Venta revertida'
  | `+${string} Lumis`;

/** Opens the till and waits until it answers in place, where there are scripts. */
export async function openTill(page: Page): Promise<void> {
  await page.goto('/till');
  await expectWord(page, 'Listo');
  if (await hasScripts(page)) {
    await expect(page.getByRole('button', { name: 'Encender cámara' })).toBeVisible();
  }
}

/** Types a code and looks it up. */
export async function check(page: Page, code: string): Promise<void> {
  await page.getByLabel('Código, si la cámara falla').fill(code);
  await page.getByRole('button', { name: 'Revisar' }).click();
}

/** Waits for the till's largest word. */
export async function expectWord(page: Page, word: Word): Promise<void> {
  await expect(page.locator('.till-word')).toHaveText(word);
}

async function hasScripts(page: Page): Promise<boolean> {
  // What is inside <noscript> is parsed as elements only where scripts are off.
  return page.evaluate(() => {
    const probe = document.createElement('div');
    probe.innerHTML = '<noscript><i></i></noscript>';
    return probe.querySelector('i') === null;
  });
}
