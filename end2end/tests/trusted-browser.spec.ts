// "Trust this browser for 30 days": the second factor is skipped here, until something changes.

import { expect, test } from '../support/fixtures.ts';
import {
  button,
  enableTwoFactor,
  enterPassword,
  expectSignedIn,
  field,
  lines,
  openDialog,
  SECURITY,
  signIn,
  signOut,
} from '../support/pages.ts';
import { ada, type Person } from '../support/twofold.ts';

test.beforeEach(async ({ page }) => {
  await signIn(page, ada);
  const { app } = await enableTwoFactor(page, ada);
  await signOut(page);
  await enterPassword(page, ada);
  const trust = page.getByRole('checkbox', { name: 'Trust this browser for 30 days' });
  await expect(trust).not.toBeChecked();
  await trust.check();
  await field(page, 'Code').fill(await app.nextCode());
  await button(page, 'Verify').click();
  await expectSignedIn(page);
});

test('a trusted browser is not asked for a code, another one is', async ({ page, otherBrowser }) => {
  await signOut(page);
  await signIn(page, ada);
  await enterPassword(otherBrowser, ada);
  await expect(field(otherBrowser, 'Code')).toBeVisible();
});

test('a browser that was removed is asked again', async ({ page }) => {
  await page.goto(SECURITY);
  await expect(lines(page, 'Trusted browsers')).toHaveCount(1);
  await expect(lines(page, 'Trusted browsers')).toContainText('Chrome on Linux');
  await button(page, 'Remove').click();
  await expect(page.getByText('The browser is no longer trusted.')).toBeVisible();
  await expect(lines(page, 'Trusted browsers')).toHaveCount(0);
  await signOut(page);
  await enterPassword(page, ada);
  await expect(field(page, 'Code')).toBeVisible();
});

test('a new password ends the trust', async ({ page }) => {
  const renewed: Person = { ...ada, password: 'Difference wheels of brass 1822' };
  await page.goto(SECURITY);
  const changing = await openDialog(page, 'Change password');
  await field(changing, 'New password').fill(renewed.password);
  await field(changing, 'Current password').fill(ada.password);
  await button(changing, 'Save password').click();
  await expect(changing).toBeHidden();
  await expect(lines(page, 'Trusted browsers')).toHaveCount(0);
  await signOut(page);
  await enterPassword(page, renewed);
  await expect(field(page, 'Code')).toBeVisible();
});
