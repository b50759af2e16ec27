import { demo, demoPassword, signInAs } from '../support/people';
import { expect, test } from '../support/test';

test.describe('the server', { tag: '@once' }, () => {
  test('lets pages run only its own scripts, each answer with a new nonce', async ({ request }) => {
    const nonces = new Set<string>();
    for (let count = 0; count < 2; count += 1) {
      const answer = await request.get('/offers');
      const policy = answer.headers()['content-security-policy']!;
      const directives = new Map(
        policy.split(';').map((directive) => {
          const [name, ...sources] = directive.trim().split(' ');
          return [name!, sources] as const;
        }),
      );
      expect(directives.get('default-src')).toEqual(["'none'"]);
      expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
      expect(directives.get('base-uri')).toEqual(["'none'"]);
      expect(directives.get('form-action')).toEqual(["'self'"]);
      const scripts = directives.get('script-src')!;
      expect(scripts).not.toContain("'unsafe-inline'");
      expect(scripts).not.toContain("'unsafe-eval'");
      const nonce = scripts.find((source) => source.startsWith("'nonce-"))!;
      expect(await answer.text()).toContain(`nonce="${nonce.slice("'nonce-".length, -1)}"`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  test('sends the other security headers with every kind of answer', async ({ request }) => {
    for (const path of ['/', '/no-hay-tal', '/favicon.svg', '/monitoring/health/live']) {
      const headers = (await request.get(path)).headers();
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['x-frame-options'], path).toBe('DENY');
      expect(headers['referrer-policy'], path).toBe('same-origin');
      expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
      expect(headers['content-security-policy'], path).toContain("default-src 'none'");
    }
  });

  test('keeps the session in a cookie that scripts and other sites do not get, and renews it at sign-in', async ({
    page,
    context,
  }) => {
    const session = async () => (await context.cookies()).find(({ name }) => name.endsWith('surtidor'));
    await signInAs(page, 'consumer');
    const first = await session();
    expect(first).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    await signInAs(page, 'consumer');
    expect((await session())?.value).not.toBe(first?.value);
    await page.goto('/offers');
    expect(await page.evaluate(() => document.cookie)).not.toContain('surtidor');
  });

  test('refuses what another site’s page sends', async ({ request, baseURL }) => {
    const form = { email: demo.consumer, password: demoPassword };
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { origin: baseURL!, 'sec-fetch-site': 'cross-site' }, {}];
    for (const headers of foreign) {
      const answer = await request.post('/api/identity/sign-in', { form, headers });
      expect(answer.status()).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'CROSS_ORIGIN' });
      expect(answer.headers()['set-cookie']).toBeUndefined();
    }
  });

  test('sends nobody to another site after the sign-in', async ({ page }) => {
    await page.goto('/sign-in?next=https%3A%2F%2Fevil.example%2F');
    await page.getByLabel('Correo').fill(demo.consumer);
    await page.getByLabel('Contraseña', { exact: true }).fill(demoPassword);
    await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
    await expect(page).toHaveURL('/offers');
  });
});
