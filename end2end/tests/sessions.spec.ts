// Sessions and Security activity: where the user is signed in, and what happened.

import { expect, test } from '../support/fixtures.ts';
import { button, dialog, field, lines, openDialog, SECURITY, signIn } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

test.beforeEach(async ({ page, otherBrowser }) => {
  await signIn(page, ada);
  await signIn(otherBrowser, ada);
  await page.goto(SECURITY);
  await expect(lines(page, 'Sessions')).toHaveCount(2);
});

test('each session is listed by its browser, and can be ended', async ({ page, otherBrowser }) => {
  const here = lines(page, 'Sessions').first();
  await expect(here).toContainText('Chrome on Linux');
  await expect(here).toContainText('This session');
  await expect(here).toContainText('127.0.0.1');
  await expect(button(page, 'End session')).toHaveCount(1);
  await button(page, 'End session').click();
  await expect(page.getByText('The session has ended.')).toBeVisible();
  await expect(lines(page, 'Sessions')).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Sessions', exact: true })).toBeFocused();
  await otherBrowser.goto(SECURITY);
  await expect(field(otherBrowser, 'E-mail')).toBeVisible();
});

test('all other sessions end after a question', async ({ page, otherBrowser }) => {
  const asking = await openDialog(page, 'End all other sessions');
  await button(asking, 'Cancel').click();
  await expect(asking).toBeHidden();
  await expect(lines(page, 'Sessions')).toHaveCount(2);
  await button(page, 'End all other sessions').click();
  await button(asking, 'End all other sessions').click();
  await expect(page.getByText('All other sessions have ended.')).toBeVisible();
  await expect(lines(page, 'Sessions')).toHaveCount(1);
  await expect(button(page, 'End all other sessions')).toHaveCount(0);
  await otherBrowser.goto(SECURITY);
  await expect(field(otherBrowser, 'E-mail')).toBeVisible();
});

test('a session that was ended elsewhere is said in the page that is open', async ({ page, otherBrowser }) => {
  await otherBrowser.goto(SECURITY);
  await expect(lines(otherBrowser, 'Sessions')).toHaveCount(2);
  await button(page, 'End session').click();
  await expect(page.getByText('The session has ended.')).toBeVisible();
  await button(otherBrowser, 'End session').click();
  const over = dialog(otherBrowser, 'You were signed out');
  await expect(over).toContainText('This session was ended in another browser in which you are signed in.');
  await button(over, 'Leave this page').click();
  await expect(otherBrowser).toHaveURL(/\/sign-in\?next=/);
  await expect(otherBrowser.getByText('This session was ended in another browser')).toBeVisible();
});

test('what was not the user ends the other sessions and leads to a new password', async ({ page, otherBrowser }) => {
  const asking = await openDialog(page, 'This was not me');
  await button(asking, 'End all other sessions').click();
  const changing = dialog(page, 'Change password');
  await expect(field(changing, 'Current password')).toBeFocused();
  await expect(asking).toBeHidden();
  await otherBrowser.goto(SECURITY);
  await expect(field(otherBrowser, 'E-mail')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(changing).toBeHidden();
  await expect(lines(page, 'Sessions')).toHaveCount(1);
});

test('the activity says what happened, the newest first', async ({ page }) => {
  const activity = lines(page, 'Security activity');
  await expect(activity.filter({ hasText: 'You signed in with the password.' })).toHaveCount(2);
  await button(page, 'End session').click();
  await expect(activity.first()).toContainText('You ended a session.');
  await expect(activity.first()).toContainText('Chrome on Linux, 127.0.0.1');
});

test('known browsers are listed, and can be forgotten', async ({ page, otherBrowser }) => {
  const known = lines(page, 'Known browsers');
  await expect(known).toHaveCount(2);
  await expect(known.first()).toContainText('This browser');
  await button(page, 'Forget').click();
  const forgetting = dialog(page, 'Forget browser');
  await field(forgetting, 'Password').fill('wrong');
  await button(forgetting, 'Forget browser').click();
  await expect(forgetting.getByText("That password isn't right.")).toBeVisible();
  await field(forgetting, 'Password').fill(ada.password);
  await button(forgetting, 'Forget browser').click();
  await expect(page.getByText('The browser is forgotten.')).toBeVisible();
  await expect(known).toHaveCount(1);
  await expect(lines(page, 'Security activity').first()).toContainText('You removed a known browser.');
  // It is still signed in there: only the next sign-in is one of a new browser.
  await otherBrowser.goto(SECURITY);
  await expect(lines(otherBrowser, 'Sessions')).toHaveCount(2);
});

test('a request that meets the renewal of the session in another tab is asked again', async ({ page }) => {
  let asked = 0;
  await page.route('**/api/sessions/end-others', async (route) => {
    asked += 1;
    if (asked === 1) {
      await route.fulfill({ status: 401, contentType: 'application/json', body: '{"code":"signed_out"}' });
    } else {
      await route.continue();
    }
  });
  const asking = await openDialog(page, 'End all other sessions');
  await button(asking, 'End all other sessions').click();
  await expect(page.getByText('All other sessions have ended.')).toBeVisible();
  expect(asked).toBe(2);
});

test('older lines that come after the list was read anew are dropped', async ({ page }) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/sessions/activity', async (route) => {
    const isOlder = route.request().postDataJSON().before !== null;
    const reply = await route.fetch();
    const shown = await reply.json();
    if (isOlder) {
      await released;
    }
    await route.fulfill({ response: reply, json: { ...shown, has_more: true, events: shown.events.slice(0, 1) } });
  });
  await page.goto(SECURITY);
  const activity = lines(page, 'Security activity');
  await expect(activity).toHaveCount(1);
  const older = page.waitForResponse((it) => it.url().endsWith('/api/sessions/activity') && it.request().postDataJSON().before !== null);
  await button(page, 'Show more').click();
  await button(page, 'End session').click();
  await expect(activity.first()).toContainText('You ended a session.');
  release();
  await (await older).finished();
  await expect(button(page, 'Show more')).toBeEnabled();
  await expect(activity).toHaveCount(1);
});
