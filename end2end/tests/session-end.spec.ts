// The end of a session: a warning before it, and signing in again over the page, with what was typed kept behind.

import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import {
  beginEnabling,
  button,
  dialog,
  enableTwoFactor,
  enterPasswordHere,
  expectSignedIn,
  field,
  PROFILE,
  SECURITY,
  signIn,
  signOut,
} from '../support/pages.ts';
import { ada, ageSessions, grace } from '../support/twofold.ts';
import type { Locator, Page } from '@playwright/test';

const USERS = '/accounts/any/users';
const HOUR = 3_600;
const DAY = 24 * HOUR;

const over = (page: Page): Locator => dialog(page, 'You were signed out');
const warning = (page: Page): Locator => dialog(page, 'You will be signed out soon');

/** Somebody comes back to the window. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

async function halfAnInvitation(page: Page): Promise<Locator> {
  await page.goto(USERS);
  await button(page, 'Invite a user').click();
  const inviting = dialog(page, 'Invite a user');
  await field(inviting, 'First name').fill('Grace');
  await field(inviting, 'E-mail').fill(grace.email);
  await inviting.getByRole('checkbox', { name: 'Developer', exact: true }).check();
  return inviting;
}

test('after an hour without use, signing in over the page goes on with what was typed', async ({ page, server }) => {
  await signIn(page, ada);
  const { app } = await enableTwoFactor(page, ada);
  const inviting = await halfAnInvitation(page);
  ageSessions(server.data, { unused: HOUR + 60 });
  await comeBack(page);
  await expect(over(page)).toContainText('because you did nothing here for a while');
  await expect(field(over(page), 'E-mail')).toBeFocused();
  const shown = await page.content();
  for (const theirs of [ada.email, ada.name, ada.account, grace.email]) {
    expect(shown, 'what the server had sent is out of the document').not.toContain(theirs);
  }
  await expectAccessible(page);
  await picture(page, 'session-over');
  await page.setViewportSize({ width: 360, height: 640 });
  await expectNoSidewaysScroll(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(over(page)).toBeVisible();
  await enterPasswordHere(page, ada);
  await field(over(page), 'Code').fill(await app.nextCode());
  await button(over(page), 'Verify').click();
  await expect(over(page)).toBeHidden();
  await expect(field(inviting, 'First name')).toHaveValue('Grace');
  await expect(field(inviting, 'E-mail')).toHaveValue(grace.email);
  await expect(page).toHaveTitle(/^Users/);
  await button(inviting, 'Send invitation').click();
  await expect(inviting).toBeHidden();
  await expect(button(page, `Send again: ${grace.email}`)).toBeVisible();
});

test('two minutes before the end there is a warning, and staying takes it away', async ({ page, server }) => {
  await signIn(page, ada);
  const inviting = await halfAnInvitation(page);
  ageSessions(server.data, { unused: HOUR - 90 });
  await comeBack(page);
  await expect(warning(page)).toContainText('Without a use, your session ends in');
  await expect(button(warning(page), 'Stay signed in')).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'session-warning');
  await button(warning(page), 'Stay signed in').click();
  await expect(warning(page)).toBeHidden();
  await expect(field(inviting, 'First name')).toHaveValue('Grace');
  ageSessions(server.data, { unused: HOUR - 90 });
  await comeBack(page);
  await expect(warning(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(warning(page), 'who closes it is there').toBeHidden();
});

test('a use in another tab takes the warning away, and signing out there shows here', async ({ page, context, server }) => {
  await signIn(page, ada);
  await page.goto(PROFILE);
  const other = await context.newPage();
  await other.goto(SECURITY);
  await expect(button(other, 'Enable')).toBeVisible();
  ageSessions(server.data, { unused: HOUR - 90 });
  await comeBack(page);
  await expect(warning(page)).toBeVisible();
  await other.goto(SECURITY);
  await expect(warning(page)).toBeHidden();
  await signOut(other);
  await expect(over(page)).toContainText('You were signed out, here or in another browser.');
  await enterPasswordHere(other, ada);
  await expectSignedIn(other);
  await expect(over(page), 'signed in again in the other tab').toBeHidden();
  await expect(button(page, 'Your menu')).toBeVisible();
});

test('the absolute end is said before and after, and nothing puts it off', async ({ page, server }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  await expect(button(page, 'Enable')).toBeVisible();
  ageSessions(server.data, { unused: 0, begun: DAY - 90 });
  await comeBack(page);
  await expect(warning(page)).toContainText('A session lasts only so long');
  await button(warning(page), 'Go on').click();
  await expect(warning(page)).toBeHidden();
  ageSessions(server.data, { unused: 0, begun: 120 });
  await comeBack(page);
  await expect(over(page)).toContainText('because a session lasts only so long');
});

test.describe('with another person at the same screen', () => {
  test.use({ people: { all: [ada, grace] } });

  test('who is somebody else gets a page of their own', async ({ page, server }) => {
    await signIn(page, ada);
    const inviting = await halfAnInvitation(page);
    ageSessions(server.data, { unused: HOUR + 60 });
    await comeBack(page);
    await expect(over(page)).toContainText('because you did nothing here for a while');
    const loaded = page.waitForEvent('load');
    await enterPasswordHere(page, grace);
    await loaded;
    await expect(button(page, 'Your menu')).toBeVisible();
    await expect(inviting).toBeHidden();
    expect(await page.content()).not.toContain(ada.name);
  });
});

test('a key that was on the screen does not come back', async ({ page, server }) => {
  await signIn(page, ada);
  const enabling = await beginEnabling(page, ada);
  ageSessions(server.data, { unused: HOUR + 60 });
  await comeBack(page);
  await expect(field(over(page), 'E-mail')).toBeVisible();
  await enterPasswordHere(page, ada);
  await expect(over(page)).toBeHidden();
  await expect(button(page, 'Enable')).toBeVisible();
  await expect(enabling).toBeHidden();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toHaveCount(0);
});

test('after a sleep nothing is shown before the server has said whether the session lasts', async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, ada);
  const told = page.waitForResponse('**/api/session/left');
  await page.goto(PROFILE);
  await told;
  await expect(page.getByRole('main').getByText(ada.email).first()).toBeVisible();
  let answer = () => {};
  const released = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/session/left', async (route) => {
    await released;
    await route.continue();
  });
  // Longer than the session lasts, and shorter than what was typed is kept after that.
  await page.clock.fastForward('01:05:00');
  await expect(over(page)).toBeVisible();
  expect(await page.content()).not.toContain(ada.email);
  answer();
  await expect(over(page), 'another tab has used it').toBeHidden();
  await expect(page.getByRole('main').getByText(ada.email).first()).toBeVisible();
  ageSessions(server.data, { unused: HOUR + 60 });
  await comeBack(page);
  await expect(over(page)).toContainText('because you did nothing here for a while');
});
