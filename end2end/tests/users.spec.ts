// The list of users as a place to work: what it shows stands in the address, and is there again after a reload and Back.

import type { Page } from '@playwright/test';

import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import { button, dialog, enableTwoFactor, openTab, signIn } from '../support/pages.ts';
import { ada, addMembers } from '../support/twofold.ts';

const USERS = '/accounts/any/users';
const MANY = Array.from({ length: 70 }, (_, index) => `Member ${String(index).padStart(2, '0')}`);

function choice(page: Page, name: string) {
  return page.getByRole('combobox', { name, exact: true });
}

function rows(page: Page) {
  return page.getByRole('rowheader');
}

function search(page: Page) {
  return page.getByRole('searchbox', { name: 'Search by name or e-mail' });
}

test('search, filters, order and rows stand in the address, and outlive a reload and Back', async ({ page, server }) => {
  addMembers(server.data, ada.account, [...MANY, 'Zoe Miller', 'Zöe Müller']);
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await page.goto(USERS);
  await expect(page.getByText('73 users', { exact: true })).toBeVisible();
  await expect(rows(page)).toHaveCount(50);

  await test.step('accents make no difference, either way', async () => {
    for (const typed of ['Zöe', 'zoe']) {
      await search(page).fill(typed);
      await page.keyboard.press('Enter');
      await expect(page.getByText('2 users', { exact: true })).toBeVisible();
      await expect(rows(page)).toHaveText([/^Zoe Miller/, /^Zöe Müller/]);
    }
    await button(page, 'Show all users').click();
    await expect(page.getByText('73 users', { exact: true })).toBeVisible();
    await expect(search(page)).toHaveValue('');
  });

  await test.step('the order', async () => {
    await choice(page, 'Sort by').selectOption('Two-factor authentication, off first');
    await expect(rows(page).first()).toHaveText(/^Member 00/);
    await choice(page, 'Sort by').selectOption('Last active');
    await expect(rows(page).first()).toHaveText(new RegExp(`^${ada.name}`));
    await expect(page).toHaveURL(/\?sort=last_active$/);
  });

  await test.step('filters narrow each other', async () => {
    await choice(page, 'Role').selectOption('Owner');
    await expect(rows(page)).toHaveText([new RegExp(`^${ada.name}`)]);
    await choice(page, 'Two-factor authentication').selectOption('Off');
    await expect(page.getByText('No users match.')).toBeVisible();
    await choice(page, 'Role').selectOption('Billing');
    await expect(page.getByText('72 users', { exact: true })).toBeVisible();
  });

  await test.step('and what was shown more of', async () => {
    await button(page, 'Show more').click();
    await expect(rows(page)).toHaveCount(72);
    await search(page).fill('Member');
    await page.keyboard.press('Enter');
    await expect(page.getByText('70 users', { exact: true })).toBeVisible();
    await button(page, 'Show more').click();
    await expect(rows(page)).toHaveCount(70);
    await expect(page).toHaveURL(/\?search=Member&two_factor=off&role=billing&sort=last_active&rows=70$/);
  });

  const isAsLeft = async () => {
    await expect(rows(page)).toHaveCount(70);
    await expect(search(page)).toHaveValue('Member');
    await expect(choice(page, 'Two-factor authentication')).toHaveValue('off');
    await expect(choice(page, 'Role')).toHaveValue('billing');
    await expect(choice(page, 'Sort by')).toHaveValue('last_active');
  };
  await page.reload();
  await isAsLeft();
  await openTab(page, 'Activity');
  await page.goBack();
  await isAsLeft();
});

test('inviting is at the head of the page, and a wide screen is used', async ({ page, server }) => {
  addMembers(server.data, ada.account, MANY);
  await signIn(page, ada);
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.goto(USERS);
  await expect(rows(page)).toHaveCount(50);
  const invite = button(page, 'Invite a user');
  await expect(invite).toBeInViewport();
  await expect(invite).toHaveCount(1);
  const heading = (await page.getByRole('heading', { level: 1 }).boundingBox())!;
  const box = (await invite.boundingBox())!;
  expect(box.x).toBeGreaterThan(heading.x + heading.width);
  const list = (await page.getByRole('table').boundingBox())!;
  expect(list.width).toBeGreaterThan(760);
  const navigation = () => page.getByRole('navigation', { name: 'Account' }).boundingBox();
  const before = (await navigation())!;
  await picture(page, 'users-wide');
  await invite.click();
  await expect(dialog(page, 'Invite a user')).toBeVisible();
  await button(dialog(page, 'Invite a user'), 'Cancel').click();
  await openTab(page, 'General');
  // It stays where it is when the page beside it is another.
  expect((await navigation())!.x).toBe(before.x);
});

test('the list is accessible, and narrow screens scroll only down', async ({ page, server }) => {
  addMembers(server.data, ada.account, MANY.slice(0, 5));
  await signIn(page, ada);
  await page.goto(`${USERS}?two_factor=without&sort=two_factor`);
  await expect(rows(page)).toHaveCount(6);
  await expectAccessible(page);
  await picture(page, 'users-narrowed');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test('what an address asks for that is none of ours is not asked', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(`${USERS}?sort=salary&role=root&two_factor=maybe&rows=-1`);
  await expect(rows(page)).toHaveText([new RegExp(`^${ada.name}`)]);
  await expect(choice(page, 'Sort by')).toHaveValue('');
});
