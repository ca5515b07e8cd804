// Passwords forgotten and changed.

import { expect, test } from '../support/fixtures.ts';
import {
  button,
  complaint,
  enableTwoFactor,
  enterPassword,
  field,
  openDialog,
  SECURITY,
  signIn,
  signOut,
} from '../support/pages.ts';
import { ada, type Person, type Twofold } from '../support/twofold.ts';
import type { Page } from '@playwright/test';

const renewed: Person = { ...ada, password: 'Difference wheels of brass 1822' };

async function resetPassword(page: Page, server: Twofold): Promise<string> {
  await page.goto('/forgot-password');
  await field(page, 'E-mail').fill(ada.email);
  await button(page, 'Send the link').click();
  const link = await server.link('/reset-password', ada.email);
  await page.goto(link);
  await field(page, 'New password').fill(renewed.password);
  await button(page, 'Save password').click();
  await expect(page.getByText('Your new password is set. Sign in with it.')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in$/);
  return link;
}

test('the answer to a forgotten password is the same for everybody', async ({ page }) => {
  for (const email of [ada.email, 'nobody@example.org']) {
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await field(page, 'E-mail').fill(email);
    await button(page, 'Send the link').click();
    await expect(page.getByRole('heading', { name: 'A message was written' })).toBeFocused();
    await expect(page.getByText(`If ${email} is registered here`)).toBeVisible();
  }
});

test('the mailed link sets a new password, once', async ({ page, server }) => {
  const link = await resetPassword(page, server);
  await enterPassword(page, ada);
  await expect(complaint(page)).toContainText("don't match");
  await signIn(page, renewed);
  await signOut(page);
  // Said before anything is typed.
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await page.getByRole('link', { name: 'Send a new link' }).click();
  await expect(button(page, 'Send the link')).toBeVisible();
});

test('why a password cannot be taken is said beside it, and the token leaves the address', async ({ page, server }) => {
  await page.goto('/forgot-password');
  await field(page, 'E-mail').fill(ada.email);
  await button(page, 'Send the link').click();
  await page.goto(await server.link('/reset-password', ada.email));
  for (const [password, why] of [
    ['short', 'Use at least 8 characters.'],
    ['password1', 'Many people use this password'],
  ] as const) {
    await field(page, 'New password').fill(password);
    await button(page, 'Save password').click();
    await expect(complaint(page)).toContainText(why);
    await expect(field(page, 'New password')).toBeFocused();
  }
  await expect(page).toHaveURL(/\/reset-password$/);
});

test('a new password leaves the second factor alone and ends the sessions', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await resetPassword(otherBrowser, server);
  await page.reload();
  await expect(field(page, 'E-mail')).toBeVisible();
  await enterPassword(otherBrowser, renewed);
  await expect(field(otherBrowser, 'Code')).toBeVisible();
});

test('changing the password takes the current one and ends the other sessions', async ({ page, otherBrowser }) => {
  await signIn(page, ada);
  await signIn(otherBrowser, ada);
  await page.goto(SECURITY);
  const changing = await openDialog(page, 'Change password');
  await expect(field(changing, 'Current password')).toBeFocused();
  await field(changing, 'New password').fill(renewed.password);
  await field(changing, 'Current password').fill('not the password');
  await button(changing, 'Save password').click();
  await expect(complaint(changing)).toHaveText("That password isn't right. Try again.");
  await expect(field(changing, 'Current password')).toBeFocused();
  await expect(field(changing, 'New password')).toHaveValue(renewed.password);
  await field(changing, 'Current password').fill(ada.password);
  await button(changing, 'Save password').click();
  await expect(changing).toBeHidden();
  await expect(page.getByText('Your new password is set. Your other sessions have ended.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Password', exact: true })).toBeFocused();
  await otherBrowser.reload();
  await expect(field(otherBrowser, 'E-mail')).toBeVisible();
  await signIn(otherBrowser, renewed);
});
