// What was typed is not lost without a question: by Escape in a dialog, by a link, by Back.

import { expect, expectAccessible, picture, test } from '../support/fixtures.ts';
import { button, dialog, enableTwoFactor, field, openDialog, openTab, PROFILE, SECURITY, signIn } from '../support/pages.ts';
import { ada, grace } from '../support/twofold.ts';

test.beforeEach(async ({ page }) => signIn(page, ada));

test('Escape asks before a half-filled invitation is lost, however often', async ({ page }) => {
  await page.goto('/accounts/any/users');
  const inviting = await openDialog(page, 'Invite a user');
  await page.keyboard.press('Escape');
  await expect(inviting, 'nothing was typed').toBeHidden();
  await openDialog(page, 'Invite a user');
  await field(inviting, 'E-mail').fill(grace.email);
  await page.keyboard.press('Escape');
  await expect(inviting.getByText('Close this and lose what you typed?')).toBeFocused();
  await expectAccessible(page);
  await picture(page, 'throw-away');
  await button(inviting, 'Stay').click();
  await expect(button(inviting, 'Stay')).toHaveCount(0);
  for (let presses = 0; presses < 5; presses += 1) {
    await page.keyboard.press('Escape');
  }
  await expect(field(inviting, 'E-mail')).toHaveValue(grace.email);
  await expect(button(inviting, 'Stay')).toBeVisible();
  await button(inviting, 'Close and lose it').click();
  await expect(inviting).toBeHidden();
  await openDialog(page, 'Invite a user');
  await expect(field(inviting, 'E-mail')).toHaveValue('');
});

test('a changed name is asked about: stay, leave, save and leave', async ({ page }) => {
  const name = field(page, 'Your name');
  const leaving = dialog(page, 'Leave without saving?');
  await page.goto(SECURITY);
  await button(page, 'Your menu').click();
  await page.getByRole('menuitem', { name: 'Profile' }).click();
  await name.fill('Ada King');
  await page.goBack();
  await picture(page, 'leave-or-save');
  await button(leaving, 'Stay').click();
  await expect(page).toHaveURL(new RegExp(`${PROFILE}$`));
  await expect(name).toHaveValue('Ada King');
  await page.goBack();
  await button(leaving, 'Save and leave').click();
  await expect(page).toHaveURL(new RegExp(`${SECURITY}$`));
  await page.goto(PROFILE);
  await expect(name).toHaveValue('Ada King');
  await name.fill('');
  await page.getByRole('link', { name: 'Security' }).first().click();
  await button(leaving, 'Save and leave').click();
  await expect(name, 'what cannot be saved keeps the page').toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('link', { name: 'Security' }).first().click();
  await button(leaving, 'Leave').click();
  await expect(page).toHaveURL(new RegExp(`${SECURITY}$`));
  await page.goto(PROFILE);
  await expect(name, 'a name that was saved asks nothing').toHaveValue('Ada King');
  await name.fill('Ada Lovelace');
  await button(page, 'Save name').click();
  await expect(page.getByText('Your name is saved.')).toBeVisible();
  await page.getByRole('link', { name: 'Security' }).first().click();
  await expect(page).toHaveURL(new RegExp(`${SECURITY}$`));
});

test('settings that are not saved can be saved on the way', async ({ page }) => {
  await page.goto(SECURITY);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/users');
  await expect(button(page, 'Invite a user')).toBeEnabled();
  await openTab(page, 'Security');
  const trust = page.getByRole('checkbox', { name: /^Users may trust a browser/ });
  const was = await trust.isChecked();
  await trust.setChecked(!was);
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Users' }).click();
  await button(dialog(page, 'Leave without saving?'), 'Save and leave').click();
  await expect(page).toHaveURL(/\/users$/);
  await openTab(page, 'Security');
  await expect(trust).toBeChecked({ checked: !was });
});

test('a name of the account that is not saved can be saved on the way', async ({ page }) => {
  await openTab(page, 'General');
  await field(page, 'Account name').fill('Difference Engines');
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Users' }).click();
  await button(dialog(page, 'Leave without saving?'), 'Save and leave').click();
  await expect(page).toHaveURL(/\/users$/);
  await openTab(page, 'General');
  await expect(field(page, 'Account name')).toHaveValue('Difference Engines');
});
