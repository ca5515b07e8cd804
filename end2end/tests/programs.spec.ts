// The two programs: the ways in, and the console, which is fetched while somebody signs in.

import { expect, test } from '../support/fixtures.ts';
import { button, expectSignedIn, field, openTab, PROFILE, SECURITY, signIn } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';
import type { Page, Request } from '@playwright/test';

const OVERVIEW = '/accounts/any';
const PROGRAM = /\/console-[0-9a-f]+(_bg\.wasm|\.js)$/;

function pathOf(request: Request): string {
  return new URL(request.url()).pathname;
}

/** What the page asks for, from now on. */
function asks(page: Page): Request[] {
  const asked: Request[] = [];
  page.on('request', (request) => asked.push(request));
  return asked;
}

test("a user's own pages and those of an account are one document", async ({ page }) => {
  await signIn(page, ada);
  await expect(page.getByRole('navigation', { name: 'Account' })).toBeVisible();
  const asked = asks(page);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1, exact: true });

  await page.getByRole('banner').getByRole('link', { name: 'Security', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${SECURITY}$`));
  await expect(heading('Security')).toBeFocused();
  await expect(page).toHaveTitle(/^Security/);

  await page.goBack();
  await openTab(page, 'Users');
  await expect(heading(/^Users of /)).toBeFocused();

  await button(page, 'Your menu').click();
  await page.getByRole('menuitem', { name: 'Profile' }).click();
  await expect(page).toHaveURL(new RegExp(`${PROFILE}$`));
  await expect(heading('Profile')).toBeFocused();

  await page.goBack();
  await expect(heading(/^Users of /)).toBeFocused();
  await page.goForward();
  await expect(heading('Profile')).toBeFocused();
  await page.getByRole('banner').getByRole('link', { name: 'Twofold' }).click();
  await expect(page.getByRole('navigation', { name: 'Account' })).toBeVisible();

  expect(asked.filter((request) => request.isNavigationRequest()).map(pathOf)).toEqual([]);
  expect(asked.map(pathOf).filter((path) => PROGRAM.test(path))).toEqual([]);
});

test('every address that is no page says so, and below an account its navigation stays', async ({ page }) => {
  const none = page.getByRole('heading', { name: 'Page not found', level: 1 });
  await page.goto(`/sign-in?next=${encodeURIComponent('/accounts//x.example')}`);
  await field(page, 'E-mail').fill(ada.email);
  await field(page, 'Password').fill(ada.password);
  await button(page, 'Sign in').click();
  await expect(none).toBeVisible();
  for (const path of ['/accounts//x.example', '/users/nowhere', '/nowhere/x.example']) {
    await page.goto(path);
    await expect(none).toBeVisible();
  }
  await page.goto('/accounts/any/nowhere');
  await expect(none).toBeVisible();
  const tabs = page.getByRole('navigation', { name: 'Account' });
  await tabs.getByRole('link', { name: 'Users' }).click();
  await expect(page.getByRole('heading', { name: /^Users of /, level: 1 })).toBeVisible();
});

test('the console is fetched once the sign-in page can be used, and then comes from the cache', async ({ page }) => {
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (document.querySelector('input[type=password]')) {
        performance.mark('usable');
        watch.disconnect();
      }
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  const program = page.waitForEvent('requestfinished', (request) => pathOf(request).endsWith('_bg.wasm') && PROGRAM.test(pathOf(request)));
  await page.goto('/sign-in');
  await program;
  const { usable, begun } = await page.evaluate((overview) => ({
    usable: performance.getEntriesByName('usable')[0]!.startTime,
    begun: performance.getEntriesByType('resource').find(({ name }) => new URL(name).pathname === overview)!.startTime,
  }), OVERVIEW);
  expect(begun).toBeGreaterThan(usable);

  await field(page, 'E-mail').fill(ada.email);
  await field(page, 'Password').fill(ada.password);
  await button(page, 'Sign in').click();
  await expectSignedIn(page);
  const sent = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => /\/console-/.test(name))
      .map(({ transferSize }) => transferSize),
  );
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent)).toEqual(new Set([0]));
});

test('nothing is fetched ahead for somebody who saves data', async ({ page }) => {
  await page.addInitScript(() => {
    const information = Reflect.get(window, 'NetworkInformation') as { prototype: object };
    Object.defineProperty(information.prototype, 'saveData', { get: () => true });
  });
  const asked = asks(page);
  await signIn(page, ada);
  const ahead = asked.filter((request) => pathOf(request) === OVERVIEW && !request.isNavigationRequest());
  expect(ahead).toEqual([]);
  const shown = asked.findIndex((request) => pathOf(request) === OVERVIEW);
  const loaded = asked.findIndex((request) => PROGRAM.test(pathOf(request)));
  expect(loaded).toBeGreaterThan(shown);
});

test('a page that leads to no sign-in fetches nothing ahead', async ({ page }) => {
  const asked = asks(page);
  await page.goto('/forgot-password');
  await field(page, 'E-mail').fill(ada.email);
  await page.getByRole('button', { name: /link/i }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(asked.map(pathOf).filter((path) => PROGRAM.test(path))).toEqual([]);
});
