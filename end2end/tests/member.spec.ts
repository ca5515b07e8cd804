// A member of an account whose doors are shut: the four ways on, and what stays open.

import { expect, test } from '../support/fixtures.ts';
import {
  button,
  complaint,
  dialog,
  enableTwoFactor,
  field,
  invite,
  openTab,
  prompt,
  REQUIRE,
  SECURITY,
  setUpInPrompt,
  signIn,
} from '../support/pages.ts';
import { ada, grace } from '../support/twofold.ts';

// Grace has an account of her own besides; Ada's will require two-factor authentication.
test.use({ people: { all: [ada, grace] } });

test.beforeEach(async ({ page, otherBrowser, server }) => {
  await signIn(otherBrowser, ada);
  await enableTwoFactor(otherBrowser, ada);
  await otherBrowser.goto('/accounts/any/users');
  const link = await invite(otherBrowser, server, grace, 'Developer');
  await signIn(page, grace);
  await page.goto(link);
  await button(page, `Join ${ada.account}`).click();
  await expect(page.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  await openTab(otherBrowser, 'Security');
  await otherBrowser.getByRole('switch', { name: REQUIRE }).check();
  await button(otherBrowser, 'Save').click();
  await expect(otherBrowser.getByText('Saved.')).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(prompt(page, ada.account)).toBeVisible();
});

test('setting it up leads back to the page, without another sign-in', async ({ page }) => {
  const address = page.url();
  await setUpInPrompt(page, grace);
  await expect(page.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  expect(page.url()).toBe(address);
});

// F96: the prompt is the server's word, not an address.
test('every address of the account asks, Escape and Back do not get past it, other pages are free', async ({ page }) => {
  const [, id] = /accounts\/([^/]+)/.exec(page.url())!;
  for (const tab of ['', '/users', '/security', '/activity']) {
    await page.goto(`/accounts/${id}${tab}`);
    await expect(prompt(page, ada.account)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(prompt(page, ada.account)).toBeVisible();
  }
  await page.goBack();
  await expect(prompt(page, ada.account)).toBeVisible();
  await page.goto(SECURITY);
  await expect(button(page, 'Enable')).toBeVisible();
  await expect(prompt(page, ada.account)).toHaveCount(0);
});

// F96: nor are a new tab, a reload or a connection that comes and goes a way past it; what was typed stays.
test('offline and online, a new tab and Back still ask, and typed text stays', async ({ page, context }) => {
  const address = page.url();
  await button(page, 'Set it up now').click();
  const enabling = dialog(page, 'Enable two-factor authentication');
  await field(enabling, 'Password').fill(grace.password);
  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeAttached();
  await button(enabling, 'Continue').click();
  await expect(complaint(enabling)).toContainText('The server could not be reached.');
  await expect(field(enabling, 'Password')).toHaveValue(grace.password);
  await page.keyboard.press('Escape');
  await expect(prompt(page, ada.account)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('You are offline.')).toHaveCount(0);
  await expect(prompt(page, ada.account)).toBeVisible();
  const tab = await context.newPage();
  for (const path of ['/', '/accounts/any', address, `${address}/users`]) {
    await tab.goto(path);
    await expect(prompt(tab, ada.account)).toBeVisible();
  }
  await tab.goBack();
  await expect(prompt(tab, ada.account)).toBeVisible();
  await page.reload();
  await expect(prompt(page, ada.account)).toBeVisible();
  await setUpInPrompt(page, grace);
  await expect(page.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  await tab.reload();
  await expect(tab.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
});

test('switching to an account that requires nothing', async ({ page }) => {
  await button(page, 'Switch account').click();
  await page.getByRole('link', { name: grace.account }).click();
  await expect(page.getByRole('heading', { name: grace.account, level: 1 })).toBeVisible();
  await page.goBack();
  await expect(prompt(page, ada.account)).toBeVisible();
});

test('signing out from the prompt', async ({ page }) => {
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('leaving the account is confirmed, by keyboard alone, and leads to the other one', async ({ page, otherBrowser }) => {
  await button(page, 'Leave the account').focus();
  await page.keyboard.press('Enter');
  const leaving = dialog(page, 'Leave the account');
  await expect(leaving).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(leaving).toBeHidden();
  await expect(button(page, 'Leave the account')).toBeFocused();
  // However fast it is closed and opened again, the last key decides.
  for (let time = 0; time < 20; time += 1) {
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }
  await expect(leaving).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(button(leaving, `Leave ${ada.account}`)).toBeEnabled();
  await button(leaving, `Leave ${ada.account}`).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: grace.account, level: 1 })).toBeVisible();
  await openTab(otherBrowser, 'Users');
  await expect(otherBrowser.getByText('1 user', { exact: true })).toBeVisible();
});
