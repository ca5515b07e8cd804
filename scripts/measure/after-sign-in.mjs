// From the server's answer to a password until the overview can be used, with a line of 1.6 Mbit/s and a delay of each answer.

import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes per second, and ms of delay: a telephone's network. */
export const LINE = { bytes: 1.6e6 / 8, delay: 150 };

/** Slows the line of a page. */
export async function slow(page, { bytes, delay }) {
  const tools = await page.context().newCDPSession(page);
  await tools.send('Network.enable');
  await tools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: delay,
    downloadThroughput: bytes,
    uploadThroughput: bytes,
  });
  return tools;
}

/** ms, for a browser that has never been here and had the sign-in page open, ready to use, for `open` ms. */
export async function afterSignIn(browser, address, { email, password }, open) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await slow(page, LINE);
    await page.goto(`${address}/sign-in`, { waitUntil: 'commit' });
    const field = page.getByLabel('Password', { exact: true });
    await field.waitFor();
    await sleep(open);
    await page.getByLabel('E-mail', { exact: true }).fill(email);
    await field.fill(password);
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/sign-in/password'));
    const answered = answer.then((response) => response.finished()).then(() => performance.now());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    // The shapes of what will come are gone from the page's cards.
    await page.waitForFunction(
      () =>
        location.pathname.startsWith('/accounts/') &&
        document.querySelector('.account__content h1') !== null &&
        document.querySelector('main .skeleton') === null,
    );
    return performance.now() - (await answered);
  } finally {
    await context.close();
  }
}
