// The Profile page: name, e-mail, and the way out.

import { expect, test } from '../support/fixtures.ts';
import {
  button,
  complaint,
  enterPassword, enterPasswordHere,
  expectSignedIn,
  field,
  openDialog,
  PROFILE,
  signIn,
} from '../support/pages.ts';
import { ada, grace } from '../support/twofold.ts';

// Grace stays when Ada is deleted: without anybody, sign-in would speak of setting up.
test.use({ people: { all: [ada, grace] } });

test.beforeEach(async ({ page }) => {
  await signIn(page, ada);
  await button(page, 'Your menu').click();
  await page.getByRole('menuitem', { name: 'Profile' }).click();
  await expect(page).toHaveURL(new RegExp(`${PROFILE}$`));
});

test('the name changes in the page and in the menu', async ({ page }) => {
  await expect(field(page, 'Your name')).toHaveValue(ada.name);
  await field(page, 'Your name').fill('');
  await button(page, 'Save name').click();
  await expect(complaint(page)).toHaveText('Enter a name.');
  await field(page, 'Your name').fill('Ada King');
  await button(page, 'Save name').click();
  await expect(page.getByText('Your name is saved.')).toBeVisible();
  await button(page, 'Your menu').click();
  await expect(page.getByText('Ada King', { exact: true })).toBeVisible();
  await page.reload();
  await expect(field(page, 'Your name')).toHaveValue('Ada King');
});

test('a new address counts once its user confirms it, by a button', async ({ page, otherBrowser, server }) => {
  const moved = { ...ada, email: 'ada@new.example' };
  const changing = await openDialog(page, 'Change e-mail');
  await expect(field(changing, 'New e-mail')).toBeFocused();
  await field(changing, 'New e-mail').fill('ada.new.example');
  await field(changing, 'Password').fill(ada.password);
  await button(changing, 'Send the link').click();
  await expect(complaint(changing)).toContainText("That isn't a complete e-mail address.");
  await field(changing, 'New e-mail').fill(moved.email);
  await button(changing, 'Send the link').click();
  await expect(page.getByText(`${moved.email} waits for you to open the link`)).toBeVisible();

  const link = await server.link('/confirm-email', moved.email);
  // Opened where nobody is signed in, or somebody else, it changes nothing.
  await otherBrowser.goto(link);
  await expect(otherBrowser.getByRole('heading', { name: 'Your new address' })).toBeVisible();
  await otherBrowser.getByRole('link', { name: 'Go to sign-in' }).click();
  await enterPasswordHere(otherBrowser, grace);
  await button(otherBrowser, 'Use this address').click();
  await expect(otherBrowser.getByText('Somebody else asked for this link.')).toBeVisible();
  await button(otherBrowser, 'Sign out and switch user').click();
  await enterPasswordHere(otherBrowser, ada);
  await expect(otherBrowser.getByText(`sign in with ${moved.email} from now on`)).toBeVisible();
  await page.reload();
  await expectSignedIn(page);
  await button(otherBrowser, 'Use this address').click();
  await expect(otherBrowser.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await expect(otherBrowser).toHaveURL(/\/confirm-email$/);
  await signIn(page, moved);
  await page.goto(link);
  await button(page, 'Use this address').click();
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
});

test('a change that waits is sent again or cancelled', async ({ page, server }) => {
  const waiting = page.getByText('ada@new.example waits for you to open the link');
  const changing = await openDialog(page, 'Change e-mail');
  await field(changing, 'New e-mail').fill('ada@new.example');
  await field(changing, 'Password').fill(ada.password);
  await button(changing, 'Send the link').click();
  await expect(waiting).toBeVisible();
  const link = await server.link('/confirm-email', 'ada@new.example');
  await button(page, 'Send again').click();
  const again = page.getByRole('dialog', { name: 'Change e-mail' });
  await expect(field(again, 'New e-mail')).toHaveValue('ada@new.example');
  await field(again, 'Password').fill(ada.password);
  await button(again, 'Send the link').click();
  await expect(again).toBeHidden();
  await button(page, 'Cancel the change').click();
  await expect(page.getByText('The change is cancelled')).toBeVisible();
  await expect(waiting).toBeHidden();
  await page.goto(link);
  await button(page, 'Use this address').click();
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
});

test('a user who is deleted cannot sign in again', async ({ page }) => {
  const deleting = await openDialog(page, 'Delete my profile');
  await field(deleting, 'Password').fill('not the password');
  await button(deleting, 'Delete my profile').click();
  await expect(complaint(deleting)).toHaveText("That password isn't right. Try again.");
  await field(deleting, 'Password').fill(ada.password);
  await button(deleting, 'Delete my profile').click();
  await expect(page.getByText('Your profile was deleted.')).toBeVisible();
  await enterPassword(page, ada);
  await expect(complaint(page)).toContainText("don't match");
  await page.goto(PROFILE);
  await expect(field(page, 'E-mail')).toBeVisible();
});

test('closing the dialog deletes nothing', async ({ page }) => {
  const deleting = await openDialog(page, 'Delete my profile');
  await page.keyboard.press('Escape');
  await expect(deleting).toBeHidden();
  await expect(button(page, 'Delete my profile')).toBeFocused();
  await page.reload();
  await expectSignedIn(page);
});
