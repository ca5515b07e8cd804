// Every page and dialog in its states: audited by axe-core in both colour schemes, checked for sideways scrolling
// at 320 px, and photographed for people to look at.

import type { Page } from '@playwright/test';

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import {
  beginEnabling,
  button,
  complaint,
  dayAhead,
  dialog,
  enableSms,
  enableTwoFactor,
  enterPassword,
  expectSignedIn,
  field,
  invite,
  join,
  manage,
  openTab,
  prompt,
  lines,
  openDialog,
  PROFILE,
  qrCode,
  REQUIRE,
  saveCodes,
  SECURITY,
  shownCodes,
  signIn,
  signOut,
  SMS,
  SMS_OFFERED,
} from '../support/pages.ts';
import { ada, grace } from '../support/twofold.ts';

async function inspect(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  const before = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: before.height });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize(before);
  await picture(page, name);
}

test.describe('before anybody exists', () => {
  test.use({ people: { all: [] } });

  test('set-up', async ({ page, server }) => {
    await page.goto('/sign-in');
    await expect(page.getByText('Open the set-up link')).toBeVisible();
    await inspect(page, 'sign-in-before-set-up');
    await page.goto(await server.setupLink());
    await expect(button(page, 'Create account')).toBeVisible();
    await inspect(page, 'set-up');
    await field(page, 'Your name').fill(ada.name);
    await field(page, 'E-mail').fill('ada.example.org');
    await field(page, 'Account name').fill(ada.account);
    await field(page, 'Password').fill('password1');
    await button(page, 'Create account').click();
    await expect(page.getByText("That isn't a complete e-mail address.")).toBeVisible();
    await inspect(page, 'set-up-refused');
    await page.goto('/setup');
    await expect(page.getByRole('heading', { name: "This link doesn't work" })).toBeVisible();
    await inspect(page, 'set-up-wrong-link');
  });
});

test('signing in', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(field(page, 'E-mail')).toBeVisible();
  await inspect(page, 'sign-in');
  await field(page, 'E-mail').fill(ada.email);
  await field(page, 'Password').fill('not the password');
  await button(page, 'Sign in').click();
  await expect(complaint(page)).toBeVisible();
  await inspect(page, 'sign-in-refused');

  await signIn(page, ada);
  const { app, codes } = await enableTwoFactor(page, ada);
  await signOut(page);
  await enterPassword(page, ada);
  await expect(field(page, 'Code')).toBeVisible();
  await inspect(page, 'sign-in-code');
  await field(page, 'Code').fill(app.wrongCode());
  await button(page, 'Verify').click();
  await expect(complaint(page)).toBeVisible();
  await inspect(page, 'sign-in-code-refused');
  await button(page, 'I have lost both').click();
  await expect(page.getByText('Ask the owner or an administrator')).toBeVisible();
  await inspect(page, 'sign-in-lost-both');
  await button(page, 'Use a recovery code').click();
  await expect(field(page, 'Recovery code')).toBeVisible();
  await inspect(page, 'sign-in-recovery-code');
  await field(page, 'Recovery code').fill(codes[0]!);
  await button(page, 'Verify').click();
  await expectSignedIn(page);
  await inspect(page, 'after-recovery-code');
});

test('ways back in', async ({ page, server }) => {
  await page.goto('/forgot-password');
  await expect(button(page, 'Send the link')).toBeVisible();
  await inspect(page, 'forgot-password');
  await field(page, 'E-mail').fill(ada.email);
  await button(page, 'Send the link').click();
  await expect(page.getByRole('heading', { name: 'A message was written' })).toBeVisible();
  await inspect(page, 'forgot-password-sent');
  await page.goto(await server.link('/reset-password', ada.email));
  await field(page, 'New password').fill('password1');
  await button(page, 'Save password').click();
  await expect(complaint(page)).toBeVisible();
  await inspect(page, 'reset-password-refused');
  await field(page, 'New password').fill('Difference wheels of brass 1822');
  await button(page, 'Save password').click();
  await expect(page.getByText('Your new password is set. Sign in with it.')).toBeVisible();
  await inspect(page, 'reset-password-done');
  await page.goto('/reset-password');
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await inspect(page, 'reset-password-over');
  await page.goto('/confirm-email#nothing');
  await expect(page.getByRole('heading', { name: 'Your new address' })).toBeVisible();
  await inspect(page, 'confirm-email-sign-in-first');
  await page.goto('/sign-in#nothing');
  await expect(page.getByText('Enter your password first.')).toBeVisible();
  await inspect(page, 'sign-in-link-first');
});

test('the other cards of the Security page', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  await expect(lines(page, 'Sessions')).toHaveCount(1);
  await expect(lines(page, 'Security activity').first()).toBeVisible();
  await inspect(page, 'security-sessions');
  for (const [opener, name] of [
    ['Change password', 'change-password'],
    ['This was not me', 'this-was-not-me'],
  ] as const) {
    const opened = await openDialog(page, opener);
    await inspect(page, name);
    await page.keyboard.press('Escape');
    await expect(opened).toBeHidden();
  }
});

test('the Profile page', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(PROFILE);
  await expect(field(page, 'Your name')).toHaveValue(ada.name);
  await inspect(page, 'profile');
  for (const [opener, name] of [
    ['Change e-mail', 'change-email'],
    ['Delete my profile', 'delete-user'],
  ] as const) {
    const opened = await openDialog(page, opener);
    await inspect(page, name);
    await page.keyboard.press('Escape');
    await expect(opened).toBeHidden();
  }
});

test.describe('where sign-up is open', () => {
  test.use({ settings: { TWOFOLD_SIGN_UP: 'true' } });

  test('signing up', async ({ page, server }) => {
    await page.goto('/sign-up');
    await expect(button(page, 'Sign up')).toBeVisible();
    await inspect(page, 'sign-up');
    await field(page, 'Your name').fill('Grace Hopper');
    await field(page, 'E-mail').fill('grace@example.org');
    await field(page, 'Account name').fill('Compilers');
    await field(page, 'Password').fill('nanosecond wire 11.8 inches');
    await button(page, 'Sign up').click();
    await expect(page.getByRole('heading', { name: 'A message was written' })).toBeVisible();
    await inspect(page, 'sign-up-sent');
    await page.goto(await server.link('/verify-email', 'grace@example.org'));
    await expect(button(page, 'Finish signing up')).toBeVisible();
    await inspect(page, 'verify-email');
    await field(page, 'Password').fill('not the password');
    await button(page, 'Finish signing up').click();
    await expect(complaint(page)).toBeVisible();
    await inspect(page, 'verify-email-refused');
    await page.goto('/verify-email');
    await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
    await inspect(page, 'verify-email-over');
  });
});

// F125: audited by axe.
test('the Security page and enabling', async ({ page }) => {
  test.slow();
  await signIn(page, ada);
  await expect(page.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  await inspect(page, 'overview');
  await page.goto(SECURITY);
  await expect(button(page, 'Enable')).toBeVisible();
  await inspect(page, 'security-off');
  await button(page, 'Your menu').click();
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
  await inspect(page, 'menu');
  await page.keyboard.press('Escape');

  await button(page, 'Enable').click();
  await expect(dialog(page, 'Enable two-factor authentication')).toBeVisible();
  await inspect(page, 'enable-confirm');
  const enabling = await beginEnabling(page, ada);
  await inspect(page, 'enable-scan');
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(app.wrongCode());
  await button(enabling, 'Turn on').click();
  await expect(complaint(enabling)).toBeVisible();
  await inspect(page, 'enable-wrong-code');
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
  await inspect(page, 'enable-save-codes');
  await page.keyboard.press('Escape');
  await expect(page.getByText('Close without saving the codes?')).toBeVisible();
  await inspect(page, 'enable-close-anyway');
  await button(page, 'Keep them open').click();
  await saveCodes(enabling);
  await inspect(page, 'security-on');
});

test('what can be done while it is on', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  for (const [opener, title] of [
    ['Disable', 'Disable two-factor authentication'],
    ['New recovery codes', 'New recovery codes'],
    ['Replace authenticator app', 'Replace authenticator app'],
  ] as const) {
    await button(page, opener).click();
    const opened = dialog(page, title);
    await expect(field(opened, 'Password')).toBeFocused();
    await inspect(page, title.toLowerCase().replaceAll(' ', '-'));
    await page.keyboard.press('Escape');
    await expect(opened).toBeHidden();
    await expect(button(page, opener)).toBeFocused();
  }
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await inspect(page, 'not-found');
});

test.describe('where SMS is offered', () => {
  test.use({ settings: SMS_OFFERED });

  test('SMS, the legacy factor', async ({ page, server }) => {
    test.slow();
    await signIn(page, ada);
    await page.goto(SECURITY);
    await expect(button(page, 'Use SMS instead (legacy)')).toBeVisible();
    await inspect(page, 'security-off-sms-offered');
    const enabling = await openDialog(page, 'Use SMS instead (legacy)', SMS);
    await inspect(page, 'sms-number');
    await field(enabling, 'Country').selectOption('United Kingdom (+44)');
    await field(enabling, 'Mobile number').fill('12');
    await field(enabling, 'Password').fill(ada.password);
    await button(enabling, 'Send a code').click();
    await expect(complaint(enabling)).toBeVisible();
    await inspect(page, 'sms-number-refused');
    await field(enabling, 'Mobile number').fill('07400 123456');
    await button(enabling, 'Send a code').click();
    await expect(field(enabling, 'Code')).toBeVisible();
    await inspect(page, 'sms-code');
    await field(enabling, 'Code').fill('000000');
    await button(enabling, 'Turn on').click();
    await expect(complaint(enabling)).toBeVisible();
    await inspect(page, 'sms-code-refused');
    await field(enabling, 'Code').fill((await server.textMessage()).code);
    await button(enabling, 'Turn on').click();
    await shownCodes(enabling);
    await saveCodes(enabling);
    await inspect(page, 'security-on-sms');
    await signOut(page);
    await enterPassword(page, ada);
    await expect(page.getByText('We sent a code to •••• 56.')).toBeVisible();
    await inspect(page, 'sign-in-sms');
    await button(page, 'Send again').click();
    await expect(page.getByText('We sent another code to •••• 56.')).toBeVisible();
    const third = page.waitForResponse('**/api/sign-in/send-code');
    await button(page, 'Send again').click();
    await (await third).finished();
    await button(page, 'Send again').click();
    await expect(complaint(page)).toBeVisible();
    await inspect(page, 'sign-in-sms-too-many');
  });
});

test.describe('where SMS is offered and every sensitive act asks for a code', () => {
  test.use({ settings: { ...SMS_OFFERED, TWOFOLD_STEP_UP_CODE: 'always' } });

  test('SMS in a dialog that asks for a code', async ({ page, server }) => {
    await signIn(page, ada);
    await enableSms(page, server, ada);
    const disabling = await openDialog(page, 'Disable', 'Disable two-factor authentication');
    await inspect(page, 'disable-sms');
    await button(disabling, 'Send a code').click();
    await expect(disabling.getByText('We sent a code to •••• 56.')).toBeVisible();
    await inspect(page, 'disable-sms-sent');
  });
});

test('the pages of an account', async ({ page, otherBrowser, server }) => {
  // A picture and an audit of each, in both schemes.
  test.slow();
  await signIn(page, ada);
  await page.goto('/accounts/any/security');
  await expect(page.getByRole('switch', { name: REQUIRE })).toBeDisabled();
  await inspect(page, 'account-security-owner-without');
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/users');
  await expect(page.getByText('Nobody has an open invitation.')).toBeVisible();
  await inspect(page, 'account-users');
  await openDialog(page, 'Invite a user');
  await inspect(page, 'invite');
  await page.keyboard.press('Escape');
  const link = await invite(page, server, grace, 'Developer');
  await inspect(page, 'account-users-invited');

  await otherBrowser.goto(link);
  await expect(button(otherBrowser, `Join ${ada.account}`)).toBeVisible();
  await inspect(otherBrowser, 'invitation-new-user');
  await join(otherBrowser, link, grace, ada.account);
  await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  await inspect(otherBrowser, 'account-overview-developer');
  await openTab(otherBrowser, 'Users');
  await expect(otherBrowser.getByText('Only the owner and the administrators')).toBeVisible();
  await inspect(otherBrowser, 'account-no-right');
  await otherBrowser.goto(link);
  await expect(otherBrowser.getByRole('heading', { name: "This invitation doesn't work" })).toBeVisible();
  await inspect(otherBrowser, 'invitation-over');

  await page.reload();
  const managing = await manage(page, grace);
  await inspect(page, 'manage-user');
  for (const [act, title, name] of [
    ['Change roles', 'Change roles', 'change-roles'],
    ['Offer the account', 'Offer the account', 'transfer'],
    ['Remove from the account', 'Remove user', 'remove-user'],
  ] as const) {
    await button(managing, act).click();
    await expect(dialog(page, title)).toBeVisible();
    await inspect(page, name);
    await page.keyboard.press('Escape');
    await button(page, `Manage ${grace.name}`).click();
  }
  await page.keyboard.press('Escape');

  await openTab(page, 'Activity');
  await expect(page.getByText(`${ada.name} invited ${grace.email}.`).first()).toBeVisible();
  await inspect(page, 'account-activity');
  await openTab(page, 'Security');
  await expect(page.getByRole('switch', { name: REQUIRE })).toBeEnabled();
  await inspect(page, 'account-security');
  await page.getByRole('switch', { name: REQUIRE }).check();
  await page.getByRole('radio', { name: 'From a day on' }).check();
  await field(page, 'Day').fill(dayAhead(10));
  await inspect(page, 'account-security-changed');
  await button(page, 'Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await inspect(page, 'account-security-saved');
  await otherBrowser.goto('/accounts/any');
  await expect(otherBrowser.getByText(`${ada.account} requires two-factor authentication from`)).toBeVisible();
  await inspect(otherBrowser, 'account-due');

  await page.getByRole('radio', { name: 'At once' }).check();
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Users' }).click();
  await expect(dialog(page, 'Leave without saving?')).toBeVisible();
  await inspect(page, 'leave-without-saving');
  await page.keyboard.press('Escape');
  await button(page, 'Save').click();
  await expect(page.getByText('In effect since')).toBeVisible();
  await otherBrowser.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(prompt(otherBrowser, ada.account)).toBeVisible();
  // Who has no other account is not offered one.
  await expect(button(otherBrowser, 'Switch account')).toBeHidden();
  await inspect(otherBrowser, 'required');
  await openDialog(otherBrowser, 'Leave the account');
  await inspect(otherBrowser, 'leave-account');

  await page.getByRole('switch', { name: REQUIRE }).uncheck();
  await button(page, 'Save').click();
  await expect(dialog(page, 'Turn off the requirement')).toBeVisible();
  await inspect(page, 'turn-off-requirement');
  await page.keyboard.press('Escape');
  await button(page, `${ada.account}: switch account`).click();
  const another = page.getByRole('menuitem', { name: 'Create an account' });
  await expect(another).toBeVisible();
  await inspect(page, 'account-menu');
  await another.click();
  await expect(dialog(page, 'Create an account')).toBeVisible();
  await inspect(page, 'create-account');
  await page.goto('/accounts/any/general');
  await expect(field(page, 'Account name')).toHaveValue(ada.account);
  await inspect(page, 'account-general');
  await page.goto('/accounts/00000000-0000-4000-8000-000000000000');
  await expect(page.getByRole('heading', { name: 'No such account' })).toBeVisible();
  await inspect(page, 'no-account');
});
