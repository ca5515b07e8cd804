// What the page says when its program cannot start, and that one that is gone is asked for once more.

import type { Page } from '@playwright/test';

// Without the watchers: a file that is gone is what these tests are about.
import { test as base, expect } from '@playwright/test';

import { createUser, newDataFolder, ada, Twofold } from '../support/twofold.ts';

const test = base.extend<object, { server: Twofold }>({
  server: [
    async ({}, use) => {
      const data = await newDataFolder();
      createUser(data, ada);
      const server = await Twofold.start(data);
      await use(server);
      await server.discard();
    },
    { scope: 'worker' },
  ],
});

const skeleton = (page: Page) => page.getByText('Loading…');

test('without JavaScript the page says what it needs, and nothing seems to load', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.address}/sign-in`);
  await expect(page.locator('noscript p', { hasText: 'Twofold needs JavaScript and WebAssembly.' })).toBeVisible();
  await expect(skeleton(page)).toBeHidden();
  await context.close();
});

test('without WebAssembly the page says so, and nothing seems to load', async ({ page, server }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await page.goto(`${server.address}/sign-in`);
  await expect(page.getByRole('alert').filter({ hasText: 'Twofold needs WebAssembly' })).toBeVisible();
  await expect(skeleton(page)).toBeHidden();
});

for (const kind of ['js', 'wasm'] as const) {
  test(`a ${kind} file that is gone is said, and the page is loaded again once`, async ({ page, server }) => {
    let documents = 0;
    page.on('request', (request) => (documents += Number(request.resourceType() === 'document')));
    await page.route(`**/*.${kind}`, (route) => route.fulfill({ status: 404, body: 'Not Found' }));
    await page.goto(`${server.address}/sign-in`);
    await expect.poll(() => documents).toBe(2);
    await expect(page.getByRole('alert').filter({ hasText: 'could not be loaded' })).toBeVisible();
    await expect(skeleton(page)).toBeHidden();
    expect(documents).toBe(2);

    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await expect(page.getByLabel('E-mail', { exact: true })).toBeVisible();
    // The next time it may happen again.
    expect(await page.evaluate(() => sessionStorage.getItem('loaded-again'))).toBeNull();
  });
}

test('a file that was gone for a moment is not noticed', async ({ page, server }) => {
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'Not Found' }), { times: 1 });
  await page.goto(`${server.address}/sign-in`);
  await expect(page.getByLabel('E-mail', { exact: true })).toBeVisible();
});
