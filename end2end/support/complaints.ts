import { expect, type Page } from '@playwright/test';

/** What browsers complained about during one test: errors on the console, among them every breach of the
 * content policy, and exceptions nobody caught. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  /** Notes what this page complains about from now on. */
  listenTo(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || /content security policy/i.test(message.text())) {
        this.heard.push(`${page.url()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => this.heard.push(`${page.url()}: ${error.stack ?? error.message}`));
  }

  /** Complaints that belong to what a test does, as the one about a page's status 404. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Fails if there was any other. */
  check(): void {
    const others = this.heard.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
    expect(others, 'complaints of the browser').toEqual([]);
  }
}
