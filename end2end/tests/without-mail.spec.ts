// A team in an empty folder without a mail server: the owner hands links over and lets people set up, and nobody has a shell.

import type { Page } from '@playwright/test';

import { expect, expectAccessible, picture, test } from '../support/fixtures.ts';
import {
  button,
  dialog,
  enableTwoFactor,
  expectSignedIn,
  field,
  join,
  manage,
  prompt,
  REQUIRE,
  SECURITY,
  signIn,
  signOut,
} from '../support/pages.ts';
import { ada, grace, type Person } from '../support/twofold.ts';

test.use({ people: { all: [] } });

const USERS = '/accounts/any/users';
const mary: Person = { name: 'Mary', email: 'mary@example.org', account: 'Somerville', password: 'sphere motion 1831 mechanism' };

/** Invites somebody and hands the link over: the link. */
async function handOver(page: Page, person: Person): Promise<string> {
  await button(page, 'Invite a user').click();
  const inviting = dialog(page, 'Invite a user');
  await expect(inviting.getByText('No mail server is set, so no message reaches them')).toBeVisible();
  await field(inviting, 'First name').fill(person.name);
  await field(inviting, 'E-mail').fill(person.email);
  await inviting.getByRole('checkbox', { name: 'Developer', exact: true }).check();
  await button(inviting, 'Send invitation').click();
  await expect(page.getByText(`${person.email} is invited. No mail server is set`)).toBeVisible();
  await expect(page.getByText('is on its way')).toHaveCount(0);
  await button(page, `Copy link: ${person.email}`).click();
  const handing = dialog(page, 'Hand over an invitation');
  await field(handing, 'Password').fill(ada.password);
  await button(handing, 'Make the link').click();
  const shown = field(handing, 'Link of the invitation');
  await expect(shown).toHaveValue(/\/invitation#[\w-]+$/);
  const link = await shown.inputValue();
  await expectAccessible(page);
  // By its text: the cross in the corner has the same name.
  await handing.getByText('Close', { exact: true }).click();
  await expect(page.getByText(`Handed over by ${ada.name}`)).toBeVisible();
  return link;
}

test('an owner and two whom they invite are in, with two-factor authentication, and nobody has a shell', async ({
  page,
  otherBrowser,
  server,
}) => {
  await test.step('the owner comes by the set-up link, and requires it at once', async () => {
    await page.goto(await server.setupLink());
    await field(page, 'Your name').fill(ada.name);
    await field(page, 'E-mail').fill(ada.email);
    await field(page, 'Account name').fill(ada.account);
    await field(page, 'Password').fill(ada.password);
    await button(page, 'Create account').click();
    await expectSignedIn(page);
    await enableTwoFactor(page, ada);
    await page.goto('/accounts/any/security');
    await page.getByRole('switch', { name: REQUIRE }).check();
    await button(page, 'Save').click();
    await expect(page.getByText('Saved.')).toBeVisible();
  });

  for (const person of [grace, mary]) {
    await test.step(`${person.name} joins by a link that is handed over, and reads who can help`, async () => {
      await page.goto(USERS);
      await expect(page.getByText('No mail server is set: messages stay in a folder')).toBeVisible();
      const link = await handOver(page, person);
      await join(otherBrowser, link, person, ada.account);
      await expect(prompt(otherBrowser, ada.account)).toBeVisible();
      await otherBrowser.goto(SECURITY);
      await expect(button(otherBrowser, 'Enable')).toBeDisabled();
      await expect(otherBrowser.getByText('the owner of your account can let you in', { exact: false })).toBeVisible();
    });

    await test.step(`the owner sees that ${person.name} is not set up, and lets them`, async () => {
      await page.reload();
      await expect(page.getByText('Not set up yet: their address is not confirmed')).toBeVisible();
      await picture(page, 'users-not-set-up');
      const managing = await manage(page, person);
      await button(managing, 'Let set up without a mailed code').click();
      await field(managing, 'Password').fill(ada.password);
      await button(managing, `Let ${person.name} set up for 30 minutes`).click();
      await expect(page.getByText(`${person.name} can set up two-factor authentication for 30 minutes.`)).toBeVisible();
      await expect(page.getByText('May set up without a mailed code until')).toBeVisible();
    });

    await test.step(`${person.name} signs in again, sets it up and is in`, async () => {
      await signOut(otherBrowser);
      await signIn(otherBrowser, person);
      await otherBrowser.goto(SECURITY);
      await expect(otherBrowser.getByText('The owner of your account let you enable it')).toBeVisible();
      await enableTwoFactor(otherBrowser, person);
      await otherBrowser.goto('/accounts/any');
      await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
      await signOut(otherBrowser);
    });
  }

  await page.goto(USERS);
  await expect(page.getByText('App, since')).toHaveCount(3);
  await expect(page.getByText('Not set up yet')).toHaveCount(0);
});
