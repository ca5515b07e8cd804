// The whole way without a pointer.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, test } from '../support/fixtures.ts';
import { button, dialog, expectSignedIn, field, qrCode, SECURITY, shownCodes } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';
import type { Locator, Page } from '@playwright/test';

/** Tabs until the control has the focus; a person would not go round the page twice. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${control}`);
}

async function enterAda(page: Page): Promise<void> {
  await tabTo(page, field(page, 'E-mail'));
  await page.keyboard.type(ada.email);
  await page.keyboard.press('Tab');
  await tabTo(page, field(page, 'Password'));
  await page.keyboard.type(ada.password);
  await page.keyboard.press('Enter');
}

// F125: one field, in order, without a mouse.
test('sign in, enable, sign out and sign in with a code by keyboard alone', async ({ page }) => {
  await page.goto(SECURITY);
  await expect(field(page, 'E-mail')).toBeVisible();
  await enterAda(page);

  await expect(button(page, 'Enable')).toBeVisible();
  await tabTo(page, button(page, 'Enable'));
  await page.keyboard.press('Enter');
  const enabling = dialog(page, 'Enable two-factor authentication');
  await expect(field(enabling, 'Password')).toBeFocused();
  await page.keyboard.type(ada.password);
  await page.keyboard.press('Enter');

  await expect(field(enabling, 'Code')).toBeFocused();
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await page.keyboard.type(await app.nextCode());
  await page.keyboard.press('Enter');

  await shownCodes(enabling);
  // The dialog keeps the focus: what lies behind it cannot be reached.
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab');
    const inside = await enabling.evaluate(
      (element) => document.activeElement === document.body || element.contains(document.activeElement),
    );
    expect(inside).toBe(true);
  }
  await tabTo(page, enabling.getByRole('checkbox', { name: 'I have saved my recovery codes' }));
  await page.keyboard.press('Space');
  await tabTo(page, button(enabling, 'Done'));
  await page.keyboard.press('Enter');
  await expect(enabling).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Two-factor authentication', exact: true })).toBeFocused();

  await tabTo(page, button(page, 'Your menu'));
  await page.keyboard.press('Enter');
  const signOut = page.getByRole('menuitem', { name: 'Sign out' });
  await expect(signOut).toBeVisible();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(signOut).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(field(page, 'E-mail')).toBeVisible();
  await enterAda(page);
  await expect(field(page, 'Code')).toBeFocused();
  await page.keyboard.type(await app.nextCode());
  await page.keyboard.press('Enter');
  await expectSignedIn(page);
});

test('the first Tab offers to skip to the content', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(field(page, 'E-mail')).toBeVisible();
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await skip.focus();
  await expect(skip).toBeInViewport();
});

test('every focus is seen', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(field(page, 'E-mail')).toBeVisible();
  for (let presses = 0; presses < 8; presses += 1) {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused && focused !== document.body ? getComputedStyle(focused).outlineStyle : 'page';
    });
    expect(outline).not.toBe('none');
  }
});
