// The activity of an account as whoever audits it reads it: found by person, subject and day, kept in the address, taken away.
import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import { ada, grace } from '../support/twofold.ts';
import { button, dayAhead, enableTwoFactor, field, invite, join, signIn } from '../support/pages.ts';

test.use({ people: { all: [ada] } });

test('who came in, what became of their factors, and finding it again', async ({ page, otherBrowser, server }) => {
  await signIn(page, ada);
  await page.goto('/accounts/any/users');
  const link = await invite(page, server, grace, 'Developer');
  await join(otherBrowser, link, grace, ada.account);
  await enableTwoFactor(otherBrowser, grace);

  await page.goto('/accounts/any/activity');
  const list = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
  await expect(list.filter({ hasText: 'Grace Hopper enabled two-factor authentication.' })).toHaveCount(1);
  const entered = list.filter({ hasText: /^Grace Hopper opened the account for the first time/ });
  await expect(entered).toHaveCount(1);
  await expect(entered).toContainText('Chrome on Linux, 127.0.0.1');
  await expectAccessible(page);

  const person = page.getByRole('searchbox', { name: 'Person' });
  await person.fill('grace');
  await page.getByRole('combobox', { name: 'About' }).selectOption('Two-factor authentication');
  await field(page, 'From').fill(dayAhead(-1));
  await person.press('Enter');
  await expect(list).toHaveCount(1);
  await expect(list).toContainText('Grace Hopper enabled two-factor authentication.');
  const query = new URL(page.url()).search;
  expect(query).toBe(`?person=grace&about=two_factor&from=${dayAhead(-1)}`);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await picture(page, 'account-activity-found');

  await test.step('the file is what is shown, with the sentence', async () => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: /CSV/ }).click();
    const file = await readFile(await (await downloading).path(), 'utf8');
    expect(file.trim().split('\r\n')).toHaveLength(2);
    expect(file).toContain('Grace Hopper enabled two-factor authentication.');
  });
  await test.step('the address brings it back', async () => {
    await page.reload();
    await expect(person).toHaveValue('grace');
    await expect(list).toHaveCount(1);
  });
  await test.step('nothing is said as that, and everything comes back by one click', async () => {
    await field(page, 'From').fill(dayAhead(1));
    await button(page, 'Show').click();
    await expect(page.getByText('Nothing in the log fits that.')).toBeVisible();
    await button(page, 'Show everything').click();
    await expect(person).toHaveValue('');
    expect(new URL(page.url()).search).toBe('');
    await expect(list.filter({ hasText: 'invited' })).toHaveCount(1);
  });
});
