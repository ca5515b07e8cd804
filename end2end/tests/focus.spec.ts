// Where the keyboard is after something was taken away, and what it reaches.

import { expect, test } from '../support/fixtures.ts';
import { beginEnabling, button, dialog, enableTwoFactor, field, openDialog, openTab, REQUIRE, SECURITY, shownCodes, signIn } from '../support/pages.ts';
import { AuthenticatorApp } from '../support/authenticator.ts';
import { qrCode } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';
import type { Page } from '@playwright/test';

async function expectFocusIsSomewhere(page: Page): Promise<void> {
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  expect(focused, 'the keyboard has a place').not.toBe('BODY');
}

test('keeping unsaved codes open leaves the keyboard at the codes', async ({ page }) => {
  await signIn(page, ada);
  const enabling = await beginEnabling(page, ada);
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
  await page.keyboard.press('Escape');
  await button(enabling, 'Keep them open').click();
  await expect(enabling.getByRole('heading', { name: 'Save your recovery codes' })).toBeFocused();
  await expectFocusIsSomewhere(page);
});

test('skipping to the content skips the navigation of the account too', async ({ page }) => {
  await signIn(page, ada);
  await openTab(page, 'Security');
  await expect(page.getByRole('switch', { name: REQUIRE })).toBeVisible();
  await page.getByRole('link', { name: 'Skip to the content' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const isInside = await page.evaluate(() => document.activeElement!.closest('nav') === null && document.activeElement!.closest('main') !== null);
  expect(isInside).toBe(true);
});

test('a button that is off is reached by Tab, says why, and does nothing', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/security');
  const save = button(page, 'Save');
  await expect(save).toBeDisabled();
  await page.getByRole('checkbox', { name: 'SMS counts as two-factor authentication' }).focus();
  await page.keyboard.press('Tab');
  await expect(save).toBeFocused();
  await expect(save).toHaveAccessibleDescription('Nothing is changed, so there is nothing to save.');
  let saves = 0;
  page.on('request', (request) => (saves += Number(request.url().includes('/settings/save'))));
  await page.keyboard.press('Enter');
  await save.click({ force: true });
  await expect(page.getByText('Saved.')).toBeHidden();
  expect(saves).toBe(0);
});

test('a menu that the keyboard opens has the focus inside, and a pointer leaves it on the button', async ({ page }) => {
  await signIn(page, ada);
  const menu = button(page, 'Your menu');
  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await menu.click();
  await expect(menu).toBeFocused();
});

test('the focused field of a dialog lies in the window at 400 % zoom', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await signIn(page, ada);
  await page.goto(SECURITY);
  for (const opener of ['Enable', 'Change password']) {
    const opened = await openDialog(page, opener, opener === 'Enable' ? 'Enable two-factor authentication' : opener);
    const focused = opened.locator(':focus');
    await expect(focused).toBeVisible();
    const box = (await focused.boundingBox())!;
    expect(box.y, opener).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height, opener).toBeLessThanOrEqual(256);
    await page.keyboard.press('Escape');
    await expect(dialog(page, opener)).toBeHidden();
  }
});

test('the steps of a dialog say which of how many it is', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  const enabling = await openDialog(page, 'Enable', 'Enable two-factor authentication');
  await expect(enabling.getByText('Step 1 of 3')).toBeVisible();
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Continue').click();
  await expect(enabling.getByText('Step 2 of 3')).toBeVisible();
  await expect(enabling.getByText(/^This key is good until \d\d:\d\d/)).toBeVisible();
});
