// The team: invitations by mail, roles, removal, an offered reset of two-factor authentication, an offered account.

import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import {
  button,
  complaint,
  dialog,
  enableTwoFactor,
  field,
  invitationLink,
  invite,
  join,
  manage,
  openTab,
  signIn,
  signOut,
} from '../support/pages.ts';
import { ada, grace, type Person } from '../support/twofold.ts';

const USERS = '/accounts/any/users';

test.beforeEach(async ({ page }) => {
  await signIn(page, ada);
  await page.goto(USERS);
  await expect(button(page, 'Invite a user')).toBeEnabled();
});

test('an invitation needs a role, works once, and its mail can be sent again', async ({ page, otherBrowser, server }) => {
  await button(page, 'Invite a user').click();
  const inviting = dialog(page, 'Invite a user');
  await field(inviting, 'First name').fill('Grace');
  await field(inviting, 'E-mail').fill(grace.email);
  await button(inviting, 'Send invitation').click();
  await expect(complaint(inviting)).toHaveText('Choose at least one role.');
  await page.keyboard.press('Escape');
  await button(inviting, 'Close and lose it').click();

  const first = await invite(page, server, grace, 'Developer');
  await button(page, `Send again: ${grace.email}`).click();
  await expect(page.getByText(`A new message for ${grace.email} stays in a folder on the server`)).toBeVisible();
  const second = await invitationLink(server, grace, first);
  await otherBrowser.goto(first);
  await expect(otherBrowser.getByRole('heading', { name: "This invitation doesn't work" })).toBeVisible();
  await join(otherBrowser, second, grace, ada.account);
  await otherBrowser.goto(second);
  await expect(otherBrowser.getByRole('heading', { name: "This invitation doesn't work" })).toBeVisible();
});

test('nobody is invited before the users are there, who say which roles may be given', async ({ page }) => {
  let answer = () => {};
  const released = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/team/users', async (route) => {
    await released;
    await route.continue();
  });
  const asked = page.waitForRequest('**/api/team/users');
  await page.reload();
  await asked;
  await expect(button(page, 'Invite a user')).toBeHidden();
  answer();
  await button(page, 'Invite a user').click();
  const inviting = dialog(page, 'Invite a user');
  await inviting.getByRole('checkbox', { name: 'Developer', exact: true }).check();
});

test('a revoked invitation is worth nothing', async ({ page, otherBrowser, server }) => {
  const link = await invite(page, server, grace, 'Developer');
  await button(page, `Revoke: ${grace.email}`).click();
  await button(dialog(page, 'Revoke invitation'), `Revoke the invitation of ${grace.email}`).click();
  await expect(page.getByText(`The invitation of ${grace.email} is revoked.`)).toBeVisible();
  await otherBrowser.goto(link);
  await expect(otherBrowser.getByRole('heading', { name: "This invitation doesn't work" })).toBeVisible();
});

test('roles change, and what a developer may not see says who can', async ({ page, otherBrowser, server }) => {
  await join(otherBrowser, await invite(page, server, grace, 'Developer'), grace, ada.account);
  for (const tab of ['Users', 'Security', 'Activity'] as const) {
    await openTab(otherBrowser, tab);
    await expect(otherBrowser.getByText('Only the owner and the administrators of the account')).toBeVisible();
  }
  await page.reload();
  const managing = await manage(page, grace);
  await button(managing, 'Change roles').click();
  await expect(field(managing, 'Password')).toHaveCount(0);
  await managing.getByRole('checkbox', { name: 'Admin' }).check();
  await expect(managing.getByText('Administrators look after users and read the activity')).toBeVisible();
  await field(managing, 'Password').fill('not the password');
  await button(managing, 'Save roles').click();
  await expect(complaint(managing)).toHaveText("That password isn't right. Try again.");
  await field(managing, 'Password').fill(ada.password);
  await button(managing, 'Save roles').click();
  await expect(page.getByText(`The roles of ${grace.name} are changed.`)).toBeVisible();
  await expect(button(page, `Manage ${grace.name}`)).toBeVisible();
  await otherBrowser.goto(USERS);
  const others = await manage(otherBrowser, ada);
  await expect(button(others, 'Remove from the account')).toBeDisabled();
  await expect(others.getByText("The owner can't leave, be removed or lose the role.").first()).toBeVisible();
});

test('who is removed takes along what they have on the way, and the dialog says so before', async ({ page, otherBrowser, server }) => {
  const mary: Person = { name: 'Mary', email: 'mary@example.org', account: 'Somerville', password: 'sphere motion 1831 mechanism' };
  await join(otherBrowser, await invite(page, server, grace, 'Admin'), grace, ada.account);
  await server.mail((text) => text.includes(`To: ${ada.email}`) && text.includes('An administrator joined'));
  await otherBrowser.goto(USERS);
  const link = await invite(otherBrowser, server, mary, 'Admin', grace);
  await page.reload();
  await expect(page.getByText(`Sent by ${grace.name}`)).toBeVisible();
  const managing = await manage(page, grace);
  await button(managing, 'Change roles').click();
  await managing.getByRole('checkbox', { name: 'Developer' }).check();
  await managing.getByRole('checkbox', { name: 'Admin' }).uncheck();
  await expect(managing.getByText('1 invitation that they sent will be revoked.')).toBeVisible();
  await page.keyboard.press('Escape');
  await (await manage(page, grace)).getByRole('button', { name: 'Remove from the account' }).click();
  const removing = dialog(page, 'Remove user');
  await expect(removing.getByText('1 invitation that they sent will be revoked.')).toBeVisible();
  await button(removing, `Remove ${grace.name} from ${ada.account}`).click();
  await expect(page.getByText('1 invitation that they had sent was revoked.')).toBeVisible();
  await otherBrowser.goto(link);
  await expect(otherBrowser.getByRole('heading', { name: "This invitation doesn't work" })).toBeVisible();
});

test('an invitation as an administrator is sent again with the password', async ({ page, server }) => {
  const first = await invite(page, server, grace, 'Admin');
  await button(page, `Send again: ${grace.email}`).click();
  const again = dialog(page, 'Send invitation again');
  await field(again, 'Password').fill(ada.password);
  await button(again, `Send the invitation of ${grace.email} again`).click();
  await expect(page.getByText(`A new message for ${grace.email} stays in a folder on the server`)).toBeVisible();
  await invitationLink(server, grace, first);
});

test('search, the filter and the counts in words', async ({ page, otherBrowser, server }) => {
  await join(otherBrowser, await invite(page, server, grace, 'Billing'), grace, ada.account);
  await enableTwoFactor(otherBrowser, grace);
  await page.goto(USERS);
  await expect(page.getByText('2 users', { exact: true }).first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Two-factor authentication' }).selectOption('Without, as the account counts it');
  await expect(page.getByText('1 user without two-factor authentication').first()).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveText([new RegExp(ada.name)]);
  await page.getByRole('searchbox', { name: 'Search by name or e-mail' }).fill('nobody');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No users match.')).toBeVisible();
});

test('without a mail server the offer of a reset is off, and says who can do it; removal', async ({
  page,
  otherBrowser,
  server,
}) => {
  await join(otherBrowser, await invite(page, server, grace, 'Developer'), grace, ada.account);
  await enableTwoFactor(otherBrowser, grace);
  await page.reload();
  const managing = await manage(page, grace);
  await expect(button(managing, 'Offer to reset two-factor authentication')).toBeDisabled();
  await expect(managing.getByText('no mail server is set. Whoever operates the server can reset it')).toBeVisible();
  await button(managing, 'Remove from the account').click();
  await button(dialog(page, 'Remove user'), `Remove ${grace.name} from ${ada.account}`).click();
  await expect(page.getByText(`${grace.name} is removed from the account.`)).toBeVisible();
  await expect(button(page, `Manage ${grace.name}`)).toHaveCount(0);
});

test.describe('with a mail server', () => {
  test.use({ mailServer: true });

  test('an offered reset changes nothing until the link and the password confirm it', async ({
    page,
    otherBrowser,
    server,
  }) => {
    await join(otherBrowser, await invite(page, server, grace, 'Developer'), grace, ada.account);
    await enableTwoFactor(otherBrowser, grace);
    await page.reload();
    const managing = await manage(page, grace);
    await button(managing, 'Offer to reset two-factor authentication').click();
    await field(managing, 'Password').fill(ada.password);
    await button(managing, `Offer ${grace.name} to reset two-factor authentication`).click();
    await expect(page.getByText(`${grace.name} is mailed an offer to reset`)).toBeVisible();
    await expect(page.getByRole('row', { name: grace.name })).toContainText('App, since');
    await otherBrowser.reload();
    await expect(button(otherBrowser, 'Disable')).toBeVisible();

    // Beside somebody else's session there is only the way out.
    const link = await server.link('/reset-two-factor', grace.email);
    await page.goto(link);
    await expect(page.getByText('Somebody else is signed in in this browser.')).toBeVisible();
    await expect(field(page, 'Password')).toHaveCount(0);

    await signOut(otherBrowser);
    await otherBrowser.goto(link);
    await expect(otherBrowser.getByRole('heading', { name: 'Reset two-factor authentication' })).toBeVisible();
    await expect(otherBrowser.getByText(`The offer is for ${grace.email}.`)).toBeVisible();
    await expectAccessible(otherBrowser);
    await expectNoSidewaysScroll(otherBrowser);
    await picture(otherBrowser, 'reset-two-factor');
    await field(otherBrowser, 'Password').fill('a wrong password');
    const confirm = button(otherBrowser, 'Reset my two-factor authentication');
    await expect(confirm).not.toHaveAttribute('aria-disabled', 'true');
    await confirm.click();
    await expect(complaint(otherBrowser)).toHaveText("That password isn't right. Try again.");
    await field(otherBrowser, 'Password').fill(grace.password);
    await confirm.click();
    await expect(otherBrowser).toHaveURL(/\/users\/settings\/security/);
    await expect(button(otherBrowser, 'Enable')).toBeVisible();
    await server.mail((text) => text.includes(`To: ${grace.email}`) && text.includes('authentication was reset, as'));

    await otherBrowser.goto(link);
    await expect(otherBrowser.getByRole('heading', { name: "This offer doesn't work" })).toBeVisible();
  });
});

test('an account is offered, taken back, offered again and accepted with the password', async ({
  page,
  otherBrowser,
  server,
}) => {
  await join(otherBrowser, await invite(page, server, grace, 'Admin'), grace, ada.account);
  const offer = async () => {
    await page.goto(USERS);
    const managing = await manage(page, grace);
    await button(managing, 'Offer the account').click();
    await field(managing, 'Password').fill(ada.password);
    await button(managing, `Offer ${ada.account} to ${grace.name}`).click();
    await expect(page.getByText(`The account is offered to ${grace.name}.`)).toBeVisible();
    await openTab(page, 'Overview');
    await expect(page.getByText(`You offer this account to ${grace.name}`)).toBeVisible();
  };
  await offer();
  await button(page, 'Take back').click();
  await expect(page.getByText('The offer is taken back.')).toBeVisible();
  await offer();

  await otherBrowser.goto('/accounts/any');
  await expect(otherBrowser.getByText(`${ada.name} offers you this account.`)).toBeVisible();
  await expectAccessible(otherBrowser);
  await picture(otherBrowser, 'account-overview-offered');
  await button(otherBrowser, 'Accept').click();
  const accepting = dialog(otherBrowser, 'Accept the account');
  await field(accepting, 'Password').fill(grace.password);
  await button(accepting, `Own ${ada.account}`).click();
  await expect(accepting).toBeHidden();
  await expect(button(otherBrowser, 'Accept')).toHaveCount(0);
  await page.goto('/accounts/any/security');
  await expect(page.getByText('Only the owner of the account can do this.')).toBeVisible();
});

test.describe('for somebody who has a user', () => {
  test.use({ people: { all: [ada, grace] } });

  test('the invitation survives signing in, and switching users', async ({ page, otherBrowser, server }) => {
    const link = await invite(page, server, grace, 'Developer');
    await otherBrowser.goto(link);
    await otherBrowser.getByRole('link', { name: 'Sign in to join' }).click();
    await field(otherBrowser, 'E-mail').fill(grace.email);
    await field(otherBrowser, 'Password').fill(grace.password);
    await button(otherBrowser, 'Sign in').click();
    await expect(button(otherBrowser, `Join ${ada.account}`)).toBeVisible();
    await signOut(otherBrowser);

    // Somebody else at this browser: the invitation stays good.
    await page.goto(link);
    await button(page, 'Sign out and switch user').click();
    await field(page, 'E-mail').fill(grace.email);
    await field(page, 'Password').fill(grace.password);
    await button(page, 'Sign in').click();
    await button(page, `Join ${ada.account}`).click();
    await expect(page.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
    await button(page, `${ada.account}: switch account`).click();
    await page.getByRole('menuitem', { name: grace.account }).click();
    await expect(page.getByRole('heading', { name: grace.account, level: 1 })).toBeVisible();
  });
});

test('another account is made in the top bar', async ({ page }) => {
  await button(page, `${ada.account}: switch account`).click();
  await page.getByRole('menuitem', { name: 'Create an account' }).click();
  const creating = dialog(page, 'Create an account');
  await field(creating, 'Account name').fill('Difference Engines');
  await button(creating, 'Create an account').click();
  await expect(page.getByRole('heading', { name: 'Difference Engines', level: 1 })).toBeVisible();
});

test.describe('with a long name and address', () => {
  const long: Person = {
    name: 'Wolfeschlegelsteinhausenbergerdorff Hubert Blaine',
    email: 'hubert.blaine.wolfeschlegelsteinhausenbergerdorff@mail.department.example.org',
    account: 'Long names',
    password: 'nanosecond wire 11.8 inches',
  };
  test.use({ people: { all: [ada, long] } });

  test('the list keeps its columns, and nothing scrolls sideways', async ({ page, otherBrowser, server }) => {
    const link = await invite(page, server, long, 'Developer');
    await signIn(otherBrowser, long);
    await otherBrowser.goto(link);
    await button(otherBrowser, `Join ${ada.account}`).click();
    await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
    await page.reload();
    const person = page.getByRole('rowheader', { name: long.name });
    await expect(person).toContainText(long.email);
    for (const width of [1280, 1024, 700, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoSidewaysScroll(page);
      // Who it is has the most room, in the table as in the card that a row becomes.
      const cells = await page.getByRole('row', { name: long.name }).getByRole('cell').all();
      const widths = await Promise.all(cells.map(async (cell) => (await cell.boundingBox())!.width));
      expect((await person.boundingBox())!.width).toBeGreaterThanOrEqual(Math.max(...widths));
    }
    await page.setViewportSize({ width: 1024, height: 800 });
    await picture(page, 'account-users-long-names');
  });
});
