// Save of the Authentication Settings asks before it shuts many people out.

import type { Locator, Page } from '@playwright/test';

import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import { button, dayAhead, dialog, enableTwoFactor, field, REQUIRE, signIn } from '../support/pages.ts';
import { ada, addMembers } from '../support/twofold.ts';

const NAMES = ['Alan Turing', 'Barbara Liskov', 'Edsger Dijkstra', 'Frances Allen'];

/** Presses what it is given, and counts. */
class Clicks {
  count = 0;

  async on(what: Locator): Promise<void> {
    this.count += 1;
    await what.click();
  }
}

function tab(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name, exact: true });
}

function required(page: Page): Locator {
  return page.getByRole('switch', { name: REQUIRE });
}

test('at once takes three clicks, and Save does not ask about a few', async ({ page, server }) => {
  addMembers(server.data, ada.account, NAMES.slice(0, 3));
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any');
  const clicks = new Clicks();
  await clicks.on(tab(page, 'Security'));
  await clicks.on(required(page));
  await clicks.on(button(page, 'Save'));
  await expect(page.getByText('Saved.')).toBeVisible();
  expect(clicks.count).toBe(3);
  await page.reload();
  await expect(required(page)).toBeChecked();
  await expect(page.getByText('In effect since')).toBeVisible();
});

test('where half of five are shut out, Save asks: a fourth click', async ({ page, server }) => {
  addMembers(server.data, ada.account, NAMES);
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any');
  const clicks = new Clicks();
  const asks = dialog(page, 'Shut out 4 people now?');
  await clicks.on(tab(page, 'Security'));
  await clicks.on(required(page));
  await clicks.on(button(page, 'Save'));
  await expect(asks).toContainText('4 users will be asked to set it up: Alan Turing, Barbara Liskov');
  await picture(page, 'rolling-out-asks');
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);

  await test.step('Cancel saves nothing, and the choice stays', async () => {
    await button(asks, 'Cancel').click();
    await expect(asks).toBeHidden();
    await expect(required(page)).toBeChecked();
    await expect(button(page, 'Save')).toBeFocused();
    await expect(page.getByText('Saved.')).toHaveCount(0);
  });

  await button(page, 'Save').click();
  await expect(button(asks, 'Shut out 4 people now')).toBeEnabled();
  await clicks.on(button(asks, 'Shut out 4 people now'));
  await expect(asks).toBeHidden();
  await expect(page.getByText('Saved.')).toBeVisible();
  expect(clicks.count).toBe(4);
  await expect(page.getByText('In effect since')).toBeVisible();
});

test('in 14 days instead is one press, and shuts nobody out yet', async ({ page, server }) => {
  addMembers(server.data, ada.account, NAMES);
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/security');
  await required(page).check();
  await button(page, 'Save').click();
  await button(dialog(page, 'Shut out 4 people now?'), 'In 14 days instead').click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(field(page, 'Day')).toHaveValue(dayAhead(14));
  await expect(button(page, 'Save')).toBeDisabled();

  await test.step('At once, later: asked again, and without the offer that is settled', async () => {
    await page.getByRole('radio', { name: 'At once' }).check();
    await button(page, 'Save').click();
    const asks = dialog(page, 'Shut out 4 people now?');
    await expect(button(asks, 'Shut out 4 people now')).toBeVisible();
    await expect(button(asks, 'In 14 days instead')).toHaveCount(0);
  });
});

test('Save asks by what is so now, not by what the page has shown', async ({ page, context, server }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto('/accounts/any/security');
  await required(page).check();
  await expect(page.getByText('Every user has two-factor authentication: nobody is shut out.')).toBeVisible();

  await test.step('people have joined meanwhile', async () => {
    addMembers(server.data, ada.account, NAMES);
    await button(page, 'Save').click();
    const asks = dialog(page, 'Shut out 4 people now?');
    await expect(asks).toBeVisible();
    await button(asks, 'Cancel').click();
    await expect(page.getByText('1 of 5 users have two-factor authentication.')).toBeVisible();
  });

  await test.step('the settings were saved elsewhere meanwhile', async () => {
    const other = await context.newPage();
    await other.goto('/accounts/any/security');
    await other.getByRole('checkbox', { name: /^Users may trust a browser/ }).uncheck();
    await button(other, 'Save').click();
    await expect(other.getByText('Saved.')).toBeVisible();
    await button(page, 'Save').click();
    await expect(page.getByText('This was saved elsewhere in the meantime.')).toBeVisible();
    await expect(required(page)).not.toBeChecked();
  });
});
