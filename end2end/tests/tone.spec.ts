// Colour, words and weight go with what has happened.

import { expect, picture, test } from '../support/fixtures.ts';
import { button, complaint, enableTwoFactor, field, openDialog, openTab, PROFILE, REQUIRE, SECURITY, signIn, signOut } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

const good = '.alert--good';

test('less protection is not reported as a success', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await expect(page.locator(good)).toHaveText('Two-factor authentication is on.');
  const disabling = await openDialog(page, 'Disable', 'Disable two-factor authentication');
  await field(disabling, 'Password').fill(ada.password);
  await button(disabling, 'Disable two-factor authentication').click();
  await expect(page.getByRole('status').filter({ hasText: 'Two-factor authentication is off.' })).toBeVisible();
  await expect(page.locator(good)).toHaveCount(0);
});

test('what is in a folder only is not reported as a success', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(PROFILE);
  const changing = await openDialog(page, 'Change e-mail');
  await field(changing, 'New e-mail').fill('countess@example.org');
  await field(changing, 'Password').fill(ada.password);
  await button(changing, 'Send the link').click();
  await expect(page.getByText('stays in a folder on the server').first()).toBeVisible();
  await expect(page.locator(good)).toHaveCount(0);
});

test('who is covered is not warned of the requirement', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/security');
  await page.getByRole('switch', { name: REQUIRE }).check();
  await button(page, 'Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.goto(SECURITY);
  const required = page.locator('.requirements', { hasText: `${ada.account} has required it since` });
  await expect(required).toHaveClass(/requirements--met/);
});

test('a refused name takes back that the last one was saved, and the refusal goes while it is corrected', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(PROFILE);
  const name = field(page, 'Your name');
  await name.fill('Ada King');
  await button(page, 'Save name').click();
  await expect(page.getByText('Your name is saved.')).toBeVisible();
  await name.fill('');
  await button(page, 'Save name').click();
  await expect(complaint(page)).toHaveText('Enter a name.');
  await expect(page.getByText('Your name is saved.')).toBeHidden();
  await name.pressSequentially('A');
  await expect(complaint(page)).toHaveCount(0);
  await expect(name).toBeFocused();
  await expect(name).not.toHaveAttribute('aria-invalid');
});

test('the password in use comes before the new one', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  const changing = await openDialog(page, 'Change password');
  await expect(field(changing, 'Current password')).toBeFocused();
  const labels = await changing.locator('label').allInnerTexts();
  expect(labels).toEqual(['Current password', 'New password']);
});

test('signing out is said, and a spent recovery code can be put away', async ({ page }) => {
  await signIn(page, ada);
  const { codes } = await enableTwoFactor(page, ada);
  await signOut(page);
  await expect(page.getByRole('status').filter({ hasText: 'You are signed out.' })).toBeVisible();
  await field(page, 'E-mail').fill(ada.email);
  await field(page, 'Password').fill(ada.password);
  await button(page, 'Sign in').click();
  await button(page, 'Use a recovery code').click();
  await field(page, 'Recovery code').fill(codes[0]!);
  await button(page, 'Verify').click();
  const said = page.getByText('You signed in with a recovery code.');
  await expect(said).toBeVisible();
  await button(page, 'Not now').click();
  await expect(said).toBeHidden();
  await openTab(page, 'Users');
  await expect(said).toBeHidden();
});

test('few things are strong: no label, box or link is as heavy as a title', async ({ page }) => {
  await signIn(page, ada);
  await page.goto('/accounts/any/security');
  await expect(page.getByRole('switch', { name: REQUIRE })).toBeVisible();
  const weights = (selector: string) =>
    page.locator(selector).evaluateAll((all) => all.map((it) => Number(getComputedStyle(it).fontWeight)));
  expect(Math.max(...(await weights('.check, .field__label, .account__link:not([aria-current])')))).toBeLessThan(600);
  expect(Math.min(...(await weights('.card__title')))).toBe(600);
});

test('who is without is seen in the list of users by an icon and a colour, besides the word', async ({ page }) => {
  await signIn(page, ada);
  await openTab(page, 'Users');
  const off = page.getByRole('row', { name: new RegExp(ada.name) }).locator('.mark--off');
  await expect(off).toHaveText('Off');
  await expect(off.locator('svg')).toBeVisible();
  await picture(page, 'users-state');
});
