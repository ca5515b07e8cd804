// The owner: Authentication Settings to the letter, and what they do to somebody who is in the account meanwhile.

import { expect, test } from '../support/fixtures.ts';
import {
  button,
  complaint,
  dayAhead,
  dialog,
  enableTwoFactor,
  field,
  invite,
  join,
  openTab,
  PROFILE,
  prompt,
  REQUIRE,
  setUpInPrompt,
  signIn,
} from '../support/pages.ts';
import { ada, grace } from '../support/twofold.ts';

const SETTINGS = '/accounts/any/security';

test('an owner without two-factor authentication reads why the switch is off', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(SETTINGS);
  const required = page.getByRole('switch', { name: REQUIRE });
  await expect(required).toBeDisabled();
  await expect(page.getByText('You have no two-factor authentication.')).toBeVisible();
  await page.getByRole('link', { name: 'Security page' }).click();
  await expect(button(page, 'Enable')).toBeVisible();
});

test('an account that keeps its owner from going leads to its users', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await page.goto('/accounts/any/users');
  await join(otherBrowser, await invite(page, server, grace, 'Developer'), grace, ada.account);
  await page.goto(PROFILE);
  const deleting = page.getByRole('region', { name: 'Delete my profile' });
  await deleting.getByRole('link', { name: `Users of ${ada.account}` }).click();
  await expect(page).toHaveURL(/\/accounts\/[0-9a-f-]{36}\/users$/);
  await expect(page.getByText(grace.email)).toBeVisible();
});

test('the switch alone changes nothing, Save does, and both sides see it', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/users');
  const link = await invite(page, server, grace, 'Developer');
  await join(otherBrowser, link, grace, ada.account);
  await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();

  const required = page.getByRole('switch', { name: REQUIRE });
  await test.step('the switch says what Save will do, and Save is off until it is used', async () => {
    await openTab(page, 'Security');
    await expect(page.getByRole('heading', { name: 'Authentication Settings' })).toBeVisible();
    await expect(required).not.toBeChecked();
    await expect(button(page, 'Save')).toBeDisabled();
    await expect(page.getByText('1 of 2 users have two-factor authentication.')).toBeVisible();
    await required.check();
    await expect(page.getByText(`1 user will be asked to set it up: ${grace.name}.`)).toBeVisible();
    await expect(button(page, 'Save')).toBeEnabled();
    await required.uncheck();
    await expect(button(page, 'Save')).toBeDisabled();
    await page.reload();
    await expect(required).not.toBeChecked();
  });

  await test.step('leaving with unsaved changes asks', async () => {
    await required.check();
    await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Users' }).click();
    const leaving = dialog(page, 'Leave without saving?');
    await button(leaving, 'Stay').click();
    await expect(required).toBeChecked();
  });

  await test.step('Save holds at once, says who and when, and the log knows', async () => {
    await button(page, 'Save').click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await expect(button(page, 'Save')).toBeDisabled();
    await expect(page.getByText(`Last changed by ${ada.name}`)).toBeVisible();
    await expect(page.getByText(`${ada.name} required two-factor authentication of all users`)).toBeVisible();
    await openTab(page, 'Activity');
    await expect(page.getByText(`${ada.name} required two-factor authentication of all users`)).toBeVisible();
  });

  await test.step('the member is asked in the page they are on, and nothing stays behind it', async () => {
    await otherBrowser.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(prompt(otherBrowser, ada.account)).toBeVisible();
    await expect(prompt(otherBrowser, ada.account)).toBeFocused();
    await expect(otherBrowser.getByRole('navigation', { name: 'Account' })).toHaveCount(0);
    await expect(otherBrowser).toHaveURL(/\/accounts\//);
    await setUpInPrompt(otherBrowser, grace);
    await expect(otherBrowser.getByRole('heading', { name: ada.account, level: 1 })).toBeVisible();
  });

  await test.step('turning it off asks for the password', async () => {
    await openTab(page, 'Security');
    await expect(page.getByText('2 of 2 users have two-factor authentication.')).toBeVisible();
    await required.uncheck();
    await button(page, 'Save').click();
    const off = dialog(page, 'Turn off the requirement');
    await field(off, 'Password').fill('not the password');
    await button(off, `Turn off the requirement of ${ada.account}`).click();
    await expect(complaint(off)).toHaveText("That password isn't right. Try again.");
    await field(off, 'Password').fill(ada.password);
    await button(off, `Turn off the requirement of ${ada.account}`).click();
    await expect(off).toBeHidden();
    await expect(page.getByText('Saved.')).toBeVisible();
    await expect(required).not.toBeChecked();
  });
});

test('a day ahead: a banner until then, and the day is kept', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/users');
  await join(otherBrowser, await invite(page, server, grace, 'Developer'), grace, ada.account);

  await openTab(page, 'Security');
  await page.getByRole('switch', { name: REQUIRE }).check();
  await page.getByRole('radio', { name: 'From a day on' }).check();
  await button(page, 'Save').click();
  await expect(complaint(page)).toHaveText('Choose a day.');
  await field(page, 'Day').fill(dayAhead(10));
  await button(page, 'Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(field(page, 'Day')).toHaveValue(dayAhead(10));
  await expect(button(page, 'Save')).toBeDisabled();

  await otherBrowser.goto('/accounts/any');
  await expect(otherBrowser.getByText(`${ada.account} requires two-factor authentication from`)).toBeVisible();
  await otherBrowser.getByRole('link', { name: 'Set up two-factor authentication' }).first().click();
  await expect(button(otherBrowser, 'Enable')).toBeVisible();
});

test('what is less strict asks for the password, what is stricter does not', async ({ page, server }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto(SETTINGS);
  const trusted = page.getByRole('checkbox', { name: 'Users may trust a browser and skip the code there for 30 days' });
  const sms = page.getByRole('checkbox', { name: 'SMS counts as two-factor authentication' });
  const asks = page.getByText('This is less strict than before: your password is asked for');
  await expect(trusted).toBeChecked();
  await page.getByRole('switch', { name: REQUIRE }).check();
  await page.getByRole('radio', { name: 'From a day on' }).check();
  await field(page, 'Day').fill(dayAhead(5));
  await trusted.uncheck();
  await expect(asks).toHaveCount(0);
  await button(page, 'Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();

  const weaken = [
    () => field(page, 'Day').fill(dayAhead(6)),
    () => trusted.check(),
    () => sms.check(),
  ];
  for (const change of weaken) {
    await change();
    await expect(asks).toBeVisible();
    await button(page, 'Save').click();
    const proving = dialog(page, 'Save less strict settings');
    await field(proving, 'Password').fill(ada.password);
    await button(proving, 'Save less strict settings').click();
    await expect(proving).toBeHidden();
    await expect(button(page, 'Save')).toBeDisabled();
  }
  await server.mail((text) => text.includes(`To: ${ada.email}`) && text.includes('are less strict'));

  // Earlier and stricter again: no proof.
  await field(page, 'Day').fill(dayAhead(4));
  await sms.uncheck();
  await expect(asks).toHaveCount(0);
  await button(page, 'Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();
});

test('two tabs never overwrite each other silently', async ({ page, context }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  const otherTab = await context.newPage();
  for (const tab of [page, otherTab]) {
    await tab.goto(SETTINGS);
    await expect(button(tab, 'Save')).toBeDisabled();
  }
  const trusted = { name: 'Users may trust a browser and skip the code there for 30 days' };
  const before = await page.getByRole('checkbox', trusted).isChecked();
  await page.getByRole('checkbox', trusted).setChecked(!before);
  await button(page, 'Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await otherTab.getByRole('switch', { name: REQUIRE }).check();
  await button(otherTab, 'Save').click();
  await expect(otherTab.getByText('This was saved elsewhere in the meantime.')).toBeVisible();
  await expect(otherTab.getByRole('switch', { name: REQUIRE })).not.toBeChecked();
  await expect(otherTab.getByRole('checkbox', trusted)).toBeChecked({ checked: !before });
});

test('the switch and Save by keyboard alone', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto(SETTINGS);
  const required = page.getByRole('switch', { name: REQUIRE });
  await required.focus();
  await page.keyboard.press('Space');
  await expect(required).toBeChecked();
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press('Tab');
    if (await button(page, 'Save').evaluate((element) => element === document.activeElement)) {
      break;
    }
  }
  await expect(button(page, 'Save')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Authentication Settings' })).toBeFocused();
});

test('Back asks about changes that are not saved, and leads on where they are given up', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/users');
  await expect(button(page, 'Invite a user')).toBeEnabled();
  await openTab(page, 'Security');
  const security = page.url();
  const required = page.getByRole('switch', { name: REQUIRE });
  await required.check();
  await page.goBack();
  const leaving = dialog(page, 'Leave without saving?');
  await expect(leaving).toBeVisible();
  expect(page.url()).toBe(security);
  await button(leaving, 'Stay').click();
  await expect(required).toBeChecked();
  await page.goBack();
  await button(leaving, 'Leave').click();
  await expect(button(page, 'Invite a user')).toBeEnabled();
  await expect(page).toHaveURL(/\/users$/);
  // Nothing is unsaved any more: Forward and Back ask nothing.
  await page.goForward();
  await expect(required).not.toBeChecked();
  await page.goBack();
  await expect(button(page, 'Invite a user')).toBeEnabled();
});
