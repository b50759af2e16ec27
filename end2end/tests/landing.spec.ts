import { cancel, redeem } from '../support/offers';
import { demo, signInAs } from '../support/people';
import { expect, test } from '../support/test';
import { expectWord } from '../support/till';

test.describe('the link in a QR', () => {
  test.beforeEach(async ({ page, purse }) => signInAs(page, 'consumer'));

  test('shows a stranger the offer and its state, and nothing about the owner', async ({
    page,
    anotherBrowser,
    publishOffer,
  }) => {
    const offer = await publishOffer();
    const { fullCode, shortCode } = await redeem(page, offer);

    const stranger = await anotherBrowser();
    await stranger.goto(`/r/${fullCode}`);
    await expect(stranger.getByRole('heading', { level: 1, name: offer.name })).toBeVisible();
    await expect(stranger.getByText('Listo para usar')).toBeVisible();
    const source = await stranger.content();
    for (const secret of [demo.consumer, 'Lucía', 'Robles', shortCode, '<svg xmlns="http://www.w3.org/2000/svg"']) {
      expect(source).not.toContain(secret);
    }
    await cancel(page);
    await stranger.reload();
    await expect(stranger.getByText('Cancelado')).toBeVisible();
    await stranger.getByRole('link', { name: 'Ver la oferta' }).click();
    await expect(stranger).toHaveURL(`/offers/${offer.id}`);
  });

  test('leads an attendant to the till, which refuses it without its token', async ({ page, anotherBrowser, publishOffer }) => {
    const offer = await publishOffer();
    const { fullCode } = await redeem(page, offer);
    const attendant = await anotherBrowser();
    await signInAs(attendant, 'attendant');
    await attendant.goto(`/r/${fullCode}`);
    await attendant.getByRole('link', { name: 'Abrir en la caja' }).click();
    await expectWord(attendant, 'No válido');
    await cancel(page);
  });
});
