import { balance, cancel, openTicket, redeem } from '../support/offers';
import { signInAs, signUp } from '../support/people';
import { expect, test } from '../support/test';

test.describe('a redemption', () => {
  test.beforeEach(async ({ page, purse }) => signInAs(page, 'consumer'));

  test('takes the points, and cancelling gives them back', async ({ page, publishOffer }) => {
    const offer = await publishOffer({ cost: 150 });
    const before = await balance(page);

    await page.goto('/offers');
    await page.getByRole('link', { name: offer.name }).click();
    await page.getByRole('button', { name: 'Canjear por 150 Lumis' }).click();
    const ticket = await openTicket(page, offer);
    expect(ticket.shortCode).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
    expect(ticket.fullCode).toMatch(/^LUMS(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    await expect(page.getByRole('img', { name: 'Código QR de tu canje' })).toBeVisible();

    expect(await balance(page)).toBe(before - 150);
    await expect(page.getByRole('listitem').filter({ hasText: offer.name })).toContainText('−150');
    await expect(page.getByText(/[\d,]+ Lumis apartados en canjes pendientes/)).toBeVisible();

    await page.goto('/redemptions');
    await page.getByRole('link', { name: offer.name }).click();
    await cancel(page);
    await expect(page.locator('.short-code')).toHaveCount(0);
    await expect(page.getByText(ticket.fullCode)).toHaveCount(0);
    expect(await balance(page)).toBe(before);
    const movements = page.getByRole('listitem').filter({ hasText: offer.name });
    await expect(movements).toHaveText([/Canje cancelado.*\+150/, /Canje .*−150/]);
  });

  test('says until when it is good', async ({ page, publishOffer, javaScriptEnabled }) => {
    await redeem(page, await publishOffer());
    const timer = page.getByRole('timer');
    await expect(timer).toHaveText(javaScriptEnabled === false ? /Úsalo antes de: / : /Te quedan 14:\d\d/);
    await cancel(page);
  });

  test('happens once, however often its form is sent', async ({ page, publishOffer }) => {
    const offer = await publishOffer();
    await page.goto(`/offers/${offer.id}`);
    const form = page.getByRole('main').locator('form');
    const fields = {
      offer: await form.locator('input[name=offer]').inputValue(),
      key: await form.locator('input[name=key]').inputValue(),
    };
    await page.getByRole('button', { name: 'Canjear por 1 Lumis' }).dblclick();
    const ticket = await openTicket(page, offer);
    const again = await page.request.post('/api/offers/redeem', {
      form: fields,
      headers: { accept: 'text/html', origin: new URL(page.url()).origin },
    });
    expect(new URL(again.url()).pathname).toBe(ticket.path);

    await page.goto('/redemptions');
    await expect(page.getByRole('link', { name: offer.name })).toHaveCount(1);
    await page.goto(ticket.path);
    await cancel(page);
  });

  test('is held back at the limit per person', async ({ page, publishOffer }) => {
    const offer = await publishOffer({ limit: 1 });
    const ticket = await redeem(page, offer);
    await page.goto(`/offers/${offer.id}`);
    await expect(page.getByText('Ya la canjeaste una vez, que es el máximo')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Canjear otra por 1 Lumis' })).toBeDisabled();
    await page.goto(ticket.path);
    await cancel(page);
  });

  test('shows the QR that the server sends next', { tag: '@scripts' }, async ({ page, publishOffer }) => {
    await page.route('**/events', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: 'event: qr\ndata: <svg><title>el siguiente</title></svg>\n\n' }),
    );
    await redeem(page, await publishOffer());
    await expect(page.locator('.qr svg title')).toHaveText('el siguiente');
    await cancel(page);
  });
});

test('someone new has an empty wallet and no redemptions', async ({ page }) => {
  await signUp(page);
  expect(await balance(page)).toBe(0);
  await expect(page.getByText('Sin movimientos')).toBeVisible();
  await page.goto('/redemptions');
  await expect(page.getByText('Aún no canjeas nada')).toBeVisible();
});
