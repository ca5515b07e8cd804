// The pages as a person uses them: by role and name only.

import { expect, type Locator, type Page } from '@playwright/test';

import { AuthenticatorApp } from './authenticator.ts';
import { ada, type Person, type Twofold } from './twofold.ts';

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
  await enterPasswordHere(page, person);
}

/** On the sign-in page that is shown, which knows where to go afterwards. */
export async function enterPasswordHere(page: Page, person: Person): Promise<void> {
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
  // The console is another program: the way there is a load, and what is left may show a menu already.
  await expect(page).not.toHaveURL(/\/(sign-in|sign-up|verify-email|setup|invitation)/);
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

/** The code that was mailed last to somebody, other than those before. */
export async function mailedCode(server: Twofold, person: Person, before: string[] = []): Promise<string> {
  const code = /^([0-9A-Z]{4}-[0-9A-Z]{4})\s*$/m;
  const mail = await server.mail(
    (text) => text.includes(`To: ${person.email}`) && code.test(text) && !before.includes(code.exec(text)![1]!),
  );
  return code.exec(mail)![1]!;
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

/** Signed in, two-factor authentication on, signed out again, and the password given: the code is asked for. */
export async function waitsForCode(page: Page, person: Person): Promise<{ app: AuthenticatorApp; codes: string[] }> {
  await signIn(page, person);
  const enabled = await enableTwoFactor(page, person);
  await signOut(page);
  await enterPassword(page, person);
  await expect(field(page, 'Code')).toBeVisible();
  return enabled;
}

/** Settings with which SMS can still be set up; messages become files. */
export const SMS_OFFERED = { TWOFOLD_SMS_GATEWAY: 'outbox', TWOFOLD_SMS_ENROLMENT: 'true' };
export const SMS = 'Enable two-factor authentication by SMS';

/** Has a code sent to a British number: the dialog asks for it. */
export async function beginEnablingSms(page: Page, person: Person, number = '07400 123456'): Promise<Locator> {
  await page.goto(SECURITY);
  const enabling = await openDialog(page, 'Use SMS instead (legacy)', SMS);
  await field(enabling, 'Country').selectOption('United Kingdom (+44)');
  await field(enabling, 'Mobile number').fill(number);
  await field(enabling, 'Password').fill(person.password);
  await button(enabling, 'Send a code').click();
  await expect(field(enabling, 'Code')).toBeVisible();
  return enabling;
}

/** The whole of it; gives the recovery codes. */
export async function enableSms(page: Page, server: Twofold, person: Person): Promise<string[]> {
  const enabling = await beginEnablingSms(page, person);
  await field(enabling, 'Code').fill((await server.textMessage()).code);
  await button(enabling, 'Turn on').click();
  const codes = await shownCodes(enabling);
  await saveCodes(enabling);
  await expect(button(page, 'Disable')).toBeVisible();
  return codes;
}

export const REQUIRE = 'Require Two-Factor Authentication for all account users';

/** A page of the account that is open, by the account's own navigation. */
export async function openTab(page: Page, name: 'Overview' | 'Users' | 'Security' | 'Activity' | 'General'): Promise<void> {
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name, exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
}

/** The prompt of an account whose doors are shut. */
export function prompt(page: Page, account: string): Locator {
  return page.getByRole('heading', { name: `${account} requires two-factor authentication`, level: 1 });
}

/** Invites somebody from the Users page that is open; the link that the mail holds. */
export async function invite(page: Page, server: Twofold, person: Person, role: string, by: Person = ada): Promise<string> {
  await button(page, 'Invite a user').click();
  const inviting = dialog(page, 'Invite a user');
  await field(inviting, 'First name').fill(person.name.split(' ')[0]!);
  await field(inviting, 'E-mail').fill(person.email);
  await inviting.getByRole('checkbox', { name: role, exact: true }).check();
  if (role === 'Admin') {
    await field(inviting, 'Password').fill(by.password);
  }
  await button(inviting, 'Send invitation').click();
  // Where no mail server is set, nothing is on its way.
  const invited = page.getByText(`The invitation is on its way to ${person.email}.`);
  await expect(invited.or(page.getByText(`${person.email} is invited.`))).toBeVisible();
  return invitationLink(server, person);
}

/** The link of the last invitation that was mailed to somebody. */
export async function invitationLink(server: Twofold, person: Person, besides = ''): Promise<string> {
  const link = /http:\/\/\S+\/invitation#[\w-]+/;
  const mail = await server.mail(
    (text) => text.includes(`To: ${person.email}`) && link.test(text) && link.exec(text)![0] !== besides,
  );
  return link.exec(mail)![0];
}

/** Follows the link as somebody without a user, and signs in. */
export async function join(page: Page, link: string, person: Person, account: string): Promise<void> {
  await page.goto(link);
  await field(page, 'Your name').fill(person.name);
  await field(page, 'Password').fill(person.password);
  await button(page, `Join ${account}`).click();
  await expect(page.getByRole('heading', { name: `You have joined ${account}` })).toBeVisible();
  await signIn(page, person);
}

/** Sets two-factor authentication up inside the prompt; the codes have been saved. */
export async function setUpInPrompt(page: Page, person: Person): Promise<AuthenticatorApp> {
  await button(page, 'Set it up now').click();
  const enabling = dialog(page, 'Enable two-factor authentication');
  await field(enabling, 'Password').fill(person.password);
  await button(enabling, 'Continue').click();
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
  await saveCodes(enabling);
  return app;
}

/** The dialog of one user of the list. */
export async function manage(page: Page, person: Person): Promise<Locator> {
  await button(page, `Manage ${person.name}`).click();
  // Not by its name, which changes with the state of the dialog.
  const managing = page.getByRole('dialog').filter({ visible: true });
  await expect(managing).toBeVisible();
  return managing;
}

/** A day of the reader's calendar as a date field holds it. */
export function dayAhead(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
