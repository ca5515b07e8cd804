// An address that nobody has confirmed: its mailbox signs up and wins it; who had it gives another one, and keeps the rest.

import type { Page } from '@playwright/test';

import { expect, expectAccessible, picture, test } from '../support/fixtures.ts';
import {
  button,
  dialog,
  expectSignedIn,
  field,
  invitationLink,
  invite,
  join,
  manage,
  PROFILE,
  signIn,
  signOut,
} from '../support/pages.ts';
import { ada, grace, type Person } from '../support/twofold.ts';

// No mail server is set, so that a link can be handed over: mails are read in the folder.
test.use({ people: { all: [ada] }, settings: { TWOFOLD_SIGN_UP: 'true' } });

const newcomer: Person = {
  name: 'Margaret Hamilton',
  email: grace.email,
  account: 'Apollo',
  password: 'margin of priority display 1202',
};
const moved: Person = { ...grace, email: 'grace@new.example' };
const USERS = '/accounts/any/users';

/** Invites Grace as a developer and hands the link over. */
async function handOver(page: Page): Promise<string> {
  await page.goto(USERS);
  await button(page, 'Invite a user').click();
  const inviting = dialog(page, 'Invite a user');
  await field(inviting, 'First name').fill(grace.name);
  await field(inviting, 'E-mail').fill(grace.email);
  await inviting.getByRole('checkbox', { name: 'Developer', exact: true }).check();
  await button(inviting, 'Send invitation').click();
  await button(page, `Copy link: ${grace.email}`).click();
  const handing = dialog(page, 'Hand over an invitation');
  await field(handing, 'Password').fill(ada.password);
  await button(handing, 'Make the link').click();
  const shown = field(handing, 'Link of the invitation');
  await expect(shown).toHaveValue(/\/invitation#[\w-]+$/);
  return shown.inputValue();
}

async function signUp(page: Page): Promise<void> {
  await page.goto('/sign-up');
  await field(page, 'Your name').fill(newcomer.name);
  await field(page, 'E-mail').fill(newcomer.email);
  await field(page, 'Account name').fill(newcomer.account);
  await field(page, 'Password').fill(newcomer.password);
  await button(page, 'Sign up').click();
  await expect(page.getByRole('heading', { name: 'A message was written' })).toBeVisible();
}

test('the mailbox wins the address, and who had it is asked for another one until they have given it', async ({
  page,
  otherBrowser,
  server,
}) => {
  await signIn(page, ada);
  await join(otherBrowser, await handOver(page), grace, ada.account);
  await otherBrowser.goto('/accounts/any');
  await expect(otherBrowser.getByText(`Nobody has confirmed yet that you read mail at ${grace.email}`)).toBeVisible();
  await expect(otherBrowser.getByRole('link', { name: 'Confirm your address' })).toBeVisible();

  const third = await page.context().browser()!.newContext({ baseURL: server.address });
  const theirs = await third.newPage();
  await signUp(theirs);
  const told = await server.mail((text) => text.includes('has never shown that they read its mail'));
  expect(told).not.toContain(grace.name);
  await theirs.goto(await server.link('/verify-email', grace.email));
  await field(theirs, 'Password').fill(newcomer.password);
  await button(theirs, 'Finish signing up').click();
  await expectSignedIn(theirs);
  await expect(theirs.getByRole('heading', { name: newcomer.account, level: 1 })).toBeVisible();
  await expect(theirs.getByText('belongs to another user now')).toHaveCount(0);
  await third.close();

  await server.mail((text) => text.includes(`To: ${ada.email}`) && text.includes('has lost their address'));
  await page.goto(USERS);
  await expect(page.getByText("No address: it is another user's now")).toBeVisible();
  await picture(page, 'lost-address-users');
  const managing = await manage(page, grace);
  await expect(managing.getByText("No address: it is another user's now")).toBeVisible();

  // By the old address, with the old password.
  await signOut(otherBrowser);
  await signIn(otherBrowser, grace);
  const banner = otherBrowser.getByText(`${grace.email} belongs to another user now`);
  await expect(banner).toBeVisible();
  await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  await expectAccessible(otherBrowser);
  await picture(otherBrowser, 'lost-address');
  await otherBrowser.getByRole('link', { name: 'Give another address' }).click();
  await expect(otherBrowser).toHaveURL(new RegExp(`${PROFILE}$`));
  await expect(banner).toBeVisible();
  await expect(otherBrowser.getByText('No address', { exact: true })).toBeVisible();
  await picture(otherBrowser, 'lost-address-profile');
  await button(otherBrowser, 'Give another address').click();
  const changing = dialog(otherBrowser, 'Change e-mail');
  await field(changing, 'New e-mail').fill(moved.email);
  await field(changing, 'Password').fill(grace.password);
  await button(changing, 'Send the link').click();
  await expect(otherBrowser.getByText(`${moved.email} waits for you to open the link`)).toBeVisible();
  await otherBrowser.goto(await server.link('/confirm-email', moved.email));
  await button(otherBrowser, 'Use this address').click();
  await expect(otherBrowser.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await expect(banner).toHaveCount(0);
  await signOut(otherBrowser);
  await signIn(otherBrowser, moved);
  await expect(banner).toHaveCount(0);
});

test('who reads the mail of an invitation takes the address over, or confirms it as the user who has it', async ({
  page,
  otherBrowser,
  server,
}) => {
  await signIn(page, ada);
  await join(otherBrowser, await handOver(page), grace, ada.account);
  await page.goto(USERS);
  await button(await manage(page, grace), 'Remove from the account').click();
  await button(dialog(page, 'Remove user'), `Remove ${grace.name} from ${ada.account}`).click();
  await expect(page.getByText(`${grace.name} is removed from the account.`)).toBeVisible();
  const former = await invitationLink(server, grace);
  await invite(page, server, grace, 'Developer');
  const link = await invitationLink(server, grace, former);

  // Signed in as the user who has it: confirm it, or leave.
  await otherBrowser.goto(link);
  await expect(otherBrowser.getByText(`You have not shown yet that you read mail at ${grace.email}`)).toBeVisible();
  const confirm = otherBrowser.getByRole('link', { name: 'Confirm the address' });
  await expect(confirm).toBeVisible();
  await expect(confirm).toHaveClass(/button--primary/);
  await expect(button(otherBrowser, 'Sign out and go on')).not.toHaveClass(/button--primary/);
  await expectAccessible(otherBrowser);
  await picture(otherBrowser, 'invitation-confirm-address');
  await confirm.click();
  await expect(otherBrowser).toHaveURL(new RegExp(`${PROFILE}$`));
  await expect(button(otherBrowser, 'Confirm this address')).toBeVisible();
  await otherBrowser.goto(link);
  await button(otherBrowser, 'Sign out and go on').click();

  // Nobody is signed in: as before, or with a password of one's own.
  await expect(otherBrowser.getByText(`Somebody uses ${grace.email} here`)).toBeVisible();
  await expect(otherBrowser.getByRole('link', { name: 'Sign in to join' })).toBeVisible();
  await expectAccessible(otherBrowser);
  await picture(otherBrowser, 'invitation-claim-address');
  await field(otherBrowser, 'Your name').fill(newcomer.name);
  await field(otherBrowser, 'Password').fill('short');
  await button(otherBrowser, `Join ${ada.account}`).click();
  await expect(otherBrowser.getByText('Use at least').first()).toBeVisible();
  await field(otherBrowser, 'Password').fill(newcomer.password);
  await button(otherBrowser, `Join ${ada.account}`).click();
  await expect(otherBrowser.getByRole('heading', { name: `You have joined ${ada.account}` })).toBeVisible();
  await signIn(otherBrowser, newcomer);
  await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
});
