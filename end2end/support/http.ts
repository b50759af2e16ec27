import { expect, type APIRequest, type APIRequestContext, type APIResponse } from '@playwright/test';

import { demo, demoPassword, home } from './people';
import type { File } from './pictures';

/** Someone who sends the product's forms without a browser: quick, for what a test needs but is not about. */
export class Client {
  private constructor(private readonly context: APIRequestContext) {}

  /** Someone who is not signed in. */
  static async nobody(request: APIRequest, baseURL: string): Promise<Client> {
    return new Client(await request.newContext({ baseURL, extraHTTPHeaders: { origin: baseURL, accept: 'text/html' } }));
  }

  /** One of the demo's people. */
  static async signedIn(request: APIRequest, baseURL: string, role: keyof typeof demo): Promise<Client> {
    const client = await Client.nobody(request, baseURL);
    const landed = await client.send('identity/sign-in', { email: demo[role], password: demoPassword });
    expect(landed).toBe(home[role]);
    return client;
  }

  /** Sends a form and answers with the path it leads to. */
  async send(endpoint: string, form: Record<string, string>): Promise<string> {
    const answer = await this.context.post(`/api/${endpoint}`, { form });
    const { pathname, searchParams } = new URL(answer.url());
    expect(answer.ok() && !searchParams.has('__err'), `${endpoint} leads to ${answer.url()}`).toBe(true);
    return pathname;
  }

  /** Sends a form with a file. */
  async sendFile(endpoint: string, id: string, name: string, file: File): Promise<void> {
    const answer = await this.context.post(`/api/${endpoint}`, { multipart: { id, [name]: file } });
    expect(answer.ok() && !answer.url().includes('__err'), `${endpoint} leads to ${answer.url()}`).toBe(true);
  }

  /** Sends a form as a script does and reads the answer. */
  async ask(endpoint: string, form: Record<string, string>): Promise<unknown> {
    const answer = await this.context.post(`/api/${endpoint}`, { form, headers: { accept: 'application/json' } });
    expect(answer.ok(), `${endpoint} answers ${answer.status()}`).toBe(true);
    return answer.json();
  }

  /** Loads a page. */
  get(path: string): Promise<APIResponse> {
    return this.context.get(path);
  }

  /** Ends. */
  close(): Promise<void> {
    return this.context.dispose();
  }
}
