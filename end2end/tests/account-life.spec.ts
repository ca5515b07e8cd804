// The life of an account: its name, leaving it, being in none, and a menu of many.

import { expect, expectAccessible, picture, test } from '../support/fixtures.ts';
import { button, complaint, dialog, expectSignedIn, field, invite, join, manage, openTab, PROFILE, signIn } from '../support/pages.ts';
import { ada, type Person } from '../support/twofold.ts';

const alan: Person = { name: 'Alan Turing', email: 'alan@example.org', account: ada.account, password: 'Bombe at Bletchley 1940' };

test('the owner gives the account another name, which every place has at once', async ({ page }) => {
  await signIn(page, ada);
  await openTab(page, 'General');
  await field(page, 'Account name').fill(' ');
  await button(page, 'Save name').click();
  await expect(complaint(page)).toBeVisible();
  await field(page, 'Account name').fill('Difference Engines');
  await button(page, 'Save name').click();
  await expect(page.getByText('The account has its new name.')).toBeVisible();
  await expect(button(page, 'Difference Engines: switch account')).toBeVisible();
  // The owner is told why they cannot leave, and where the way out is.
  await expect(button(page, 'Leave the account')).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText("The owner can't leave")).toContainText('Or delete the account below.');
  await openTab(page, 'Overview');
  await expect(page.getByRole('heading', { name: 'Difference Engines', level: 1 })).toBeVisible();
});

test('who is in one account leaves it in three clicks, and reads where they are', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await openTab(page, 'Users');
  await join(otherBrowser, await invite(page, server, alan, 'Developer'), alan, ada.account);
  await expectSignedIn(otherBrowser);
  await otherBrowser.goto(PROFILE);
  const mine = otherBrowser.getByRole('listitem').filter({ hasText: ada.account });
  await expect(mine.getByText('Developer')).toBeVisible();
  await button(otherBrowser, `Leave ${ada.account}`).click();
  const leaving = dialog(otherBrowser, 'Leave the account');
  await button(leaving, `Leave ${ada.account}`).click();
  await expect(otherBrowser.getByText(`You left ${ada.account}.`)).toBeVisible();
  await expect(otherBrowser.getByText('To join one, ask its owner')).toBeVisible();
  await otherBrowser.goto('/');
  await expect(otherBrowser.getByRole('heading', { name: 'You are in no account', level: 1 })).toBeVisible();
  await expect(otherBrowser.getByText(`You left ${ada.account} on`)).toBeVisible();
  await expectAccessible(otherBrowser);
  await picture(otherBrowser, 'in-no-account');
  await otherBrowser.getByRole('main').getByRole('button', { name: 'Create an account' }).click();
  await field(dialog(otherBrowser, 'Create an account'), 'Account name').fill('Bletchley');
  await button(dialog(otherBrowser, 'Create an account'), 'Create an account').click();
  await expect(otherBrowser.getByRole('heading', { name: 'Bletchley', level: 1 })).toBeVisible();
});

test('who was removed reads by whom, and leaving is in the own row of Users too', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await openTab(page, 'Users');
  await join(otherBrowser, await invite(page, server, alan, 'Admin'), alan, ada.account);
  await openTab(otherBrowser, 'Users');
  const own = await manage(otherBrowser, alan);
  // What is done to others is not offered here.
  await expect(button(own, 'Change roles')).toBeHidden();
  await button(own, 'Leave the account').click();
  await expect(button(own, `Leave ${ada.account}`)).toBeVisible();
  await otherBrowser.keyboard.press('Escape');
  await page.reload();
  const managing = await manage(page, alan);
  await button(managing, 'Remove from the account').click();
  await button(managing, `Remove ${alan.name} from ${ada.account}`).click();
  await expect(managing).toBeHidden();
  await otherBrowser.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(otherBrowser.getByText(`${ada.name} removed you from ${ada.account} on`)).toBeVisible();
});

test('a menu of many accounts stays in the window and finds one by its name', async ({ page }) => {
  test.slow();
  await signIn(page, ada);
  const names = Array.from({ length: 9 }, (_, index) => `Engines ${index + 1}`);
  for (const name of names) {
    const status = await page.evaluate(async (name) => {
      const body = JSON.stringify({ name });
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/accounts/create', { method: 'POST', headers, body })).status;
    }, name);
    expect(status).toBe(200);
  }
  await page.setViewportSize({ width: 1280, height: 480 });
  await page.goto('/accounts/any');
  await page.getByRole('button', { name: 'switch account' }).click();
  const create = page.getByRole('menuitem', { name: 'Create an account' });
  await create.scrollIntoViewIfNeeded();
  await expect(create).toBeInViewport();
  const filter = page.getByRole('searchbox', { name: 'Find an account' });
  await filter.fill('engines 7');
  await expect(page.getByRole('menuitem')).toHaveText(['Engines 7', 'Create an account']);
  await expectAccessible(page);
  // The keyboard goes on from the field into the list.
  await filter.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Engines 7' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Engines 7', level: 1 })).toBeVisible();
});

test('the owner deletes the account by its name, everybody reads so, and it comes back', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await openTab(page, 'Users');
  await join(otherBrowser, await invite(page, server, alan, 'Developer'), alan, ada.account);
  await expectSignedIn(otherBrowser);
  await openTab(otherBrowser, 'General');
  await expect(button(otherBrowser, 'Leave the account')).toBeVisible();
  await expect(button(otherBrowser, 'Delete the account')).toBeHidden();
  await openTab(page, 'General');
  await button(page, 'Delete the account').click();
  const deleting = dialog(page, 'Delete the account');
  // The keyboard begins with the name.
  await expect(field(deleting, 'Account name')).toBeFocused();
  await page.keyboard.type('Analytical');
  await field(deleting, 'Password').fill(ada.password);
  await button(deleting, `Delete ${ada.account}`).click();
  await expect(complaint(deleting)).toContainText("That isn't the name of the account.");
  await expectAccessible(page);
  await picture(page, 'delete-account');
  await field(deleting, 'Account name').fill(ada.account);
  await page.keyboard.press('Enter');
  const line = page.getByRole('listitem').filter({ hasText: ada.account });
  await expect(line).toContainText(`by ${ada.name}.`);
  await expect(line).toContainText('It is erased on');
  await expectAccessible(page);
  await picture(page, 'deleted-account');
  await otherBrowser.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(otherBrowser.getByRole('heading', { name: 'You are in no account', level: 1 })).toBeVisible();
  await expect(otherBrowser.getByText(`${ada.name} deleted ${ada.account} on`)).toBeVisible();
  await expectAccessible(otherBrowser);
  await otherBrowser.goto(PROFILE);
  const theirs = otherBrowser.getByRole('listitem').filter({ hasText: ada.account });
  await expect(theirs).toContainText('It is erased on');
  await expect(button(theirs, `Restore ${ada.account}`)).toBeHidden();
  await button(line, `Restore ${ada.account}`).click();
  const restoring = dialog(page, 'Restore the account');
  await field(restoring, 'Password').fill(ada.password);
  await button(restoring, `Restore ${ada.account}`).click();
  await expect(page.getByText(`${ada.account} is restored.`)).toBeVisible();
  await otherBrowser.goto('/');
  await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
});
