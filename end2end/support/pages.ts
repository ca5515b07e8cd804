// The pages as a person uses them: by role and name only.

import { expect, type Locator, type Page } from '@playwright/test';

import { AuthenticatorApp } from './authenticator.ts';
import type { Person } from './twofold.ts';

export const SECURITY = '/users/settings/security';
export const PROFILE = '/users/settings/profile';

/** A field by its label. Password fields have no role, and their show button has a name that is close. */
export function field(within: Page | Locator, label: string): Locator {
  return within.getByLabel(label, { exact: true });
}

export function button(within: Page | Locator, name: string): Locator {
  return within.getByRole('button', { name, exact: true });
}

/** What is said about something that went wrong; fields have a place for it that is empty otherwise. */
export function complaint(within: Page | Locator): Locator {
  return within.getByRole('alert').filter({ hasText: /\S/ });
}

export function dialog(page: Page, name: string): Locator {
  return page.getByRole('dialog', { name, exact: true });
}

export async function enterPassword(page: Page, person: Person): Promise<void> {
  await page.goto('/sign-in');
  await field(page, 'E-mail').fill(person.email);
  await field(page, 'Password').fill(person.password);
  await button(page, 'Sign in').click();
}

export async function signIn(page: Page, person: Person): Promise<void> {
  await enterPassword(page, person);
  await expectSignedIn(page);
}

export async function signInWithCode(page: Page, person: Person, code: string): Promise<void> {
  await enterPassword(page, person);
  await field(page, 'Code').fill(code);
  await button(page, 'Verify').click();
}

export async function expectSignedIn(page: Page): Promise<void> {
  await expect(button(page, 'Your menu')).toBeVisible();
}

export async function signOut(page: Page): Promise<void> {
  await button(page, 'Your menu').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(field(page, 'E-mail')).toBeVisible();
}

/** What the items of a list say, by the list's name. */
export function lines(page: Page, list: string): Locator {
  return page.getByRole('list', { name: list, exact: true }).getByRole('listitem');
}

/** Opens a dialog by its button; the two may have different names. */
export async function openDialog(page: Page, opener: string, title: string = opener): Promise<Locator> {
  await button(page, opener).first().click();
  const opened = dialog(page, title);
  await expect(opened).toBeVisible();
  return opened;
}

/** Opens Enable and confirms with the password: the QR code is there. */
export async function beginEnabling(page: Page, person: Person): Promise<Locator> {
  await page.goto(SECURITY);
  await button(page, 'Enable').click();
  const enabling = dialog(page, 'Enable two-factor authentication');
  await field(enabling, 'Password').fill(person.password);
  await button(enabling, 'Continue').click();
  await expect(qrCode(enabling)).toBeVisible();
  return enabling;
}

export function qrCode(within: Locator): Locator {
  return within.getByRole('img', { name: 'QR code for your authenticator app' });
}

/** Reads the recovery codes that are shown. */
export async function shownCodes(within: Locator): Promise<string[]> {
  const items = within.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(items).toHaveCount(10);
  return (await items.allInnerTexts()).map((text) => text.trim());
}

/** Ticks the box and leaves the codes. */
export async function saveCodes(within: Locator): Promise<void> {
  await within.getByRole('checkbox', { name: 'I have saved my recovery codes' }).check();
  await button(within, 'Done').click();
  await expect(within).toBeHidden();
}

/** The whole of Enable, with an app that scans the screen. */
export async function enableTwoFactor(
  page: Page,
  person: Person,
): Promise<{ app: AuthenticatorApp; codes: string[] }> {
  const enabling = await beginEnabling(page, person);
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  const codes = await shownCodes(enabling);
  await saveCodes(enabling);
  await expect(button(page, 'Disable')).toBeVisible();
  return { app, codes };
}
