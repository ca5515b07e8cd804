// Days: the day that an owner picks is the day that everybody reads, wherever owner and readers are.

import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import { button, complaint, enableTwoFactor, expectSignedIn, field, invite, join, openTab, REQUIRE } from '../support/pages.ts';
import { ada, command, grace } from '../support/twofold.ts';

test.use({ people: { all: [] } });

/** The day so many days after today where the browser is, as its date field holds it and as pages say it. */
async function dayAhead(page: Page, days: number): Promise<{ value: string; words: string; mailed: string }> {
  return page.evaluate((days) => {
    const date = new Date();
    date.setDate(date.getDate() + days);
    const two = (number: number) => String(number).padStart(2, '0');
    const words = (locale: string) => date.toLocaleDateString(locale, { dateStyle: 'long' });
    return {
      value: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
      words: words(navigator.language),
      mailed: words('en-GB'),
    };
  }, days);
}

/** Offers the zones that the browser knows. */
function zoneField(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Time zone' });
}

/** A browser somewhere else. */
async function elsewhere(browser: Browser, baseURL: string, timezoneId: string): Promise<Page> {
  return (await browser.newContext({ baseURL, timezoneId, locale: 'en-GB' })).newPage();
}

for (const [zone, other] of [
  ['Europe/Berlin', 'America/Los_Angeles'],
  ['America/Los_Angeles', 'Pacific/Auckland'],
  ['Pacific/Auckland', 'Europe/Berlin'],
] as const) {
  test.describe(zone, () => {
    test.use({ timezoneId: zone });

    test('the day that is picked is the same on every page, in mails, files and commands', async ({ page, browser, server, secrets }) => {
      secrets.add(ada.password);
      await page.goto(await server.setupLink());
      await field(page, 'Your name').fill(ada.name);
      await field(page, 'E-mail').fill(ada.email);
      await field(page, 'Account name').fill(ada.account);
      await field(page, 'Password').fill(ada.password);
      await button(page, 'Create account').click();
      await expectSignedIn(page);
      await enableTwoFactor(page, ada);
      await page.goto('/accounts/any/users');
      const reader = await elsewhere(browser, server.address, other);
      await join(reader, await invite(page, server, grace, 'Developer'), grace, ada.account);

      await openTab(page, 'General');
      await expect(zoneField(page)).toHaveValue(zone);

      const { value, words, mailed } = await dayAhead(page, 12);
      const { value: yesterday } = await dayAhead(page, -1);
      const { value: today } = await dayAhead(page, 0);
      await test.step('the card', async () => {
        await openTab(page, 'Security');
        await page.getByRole('switch', { name: REQUIRE }).check();
        await page.getByRole('radio', { name: 'From a day on' }).check();
        await expect(field(page, 'Day')).toHaveAttribute('min', today);
        await field(page, 'Day').fill(yesterday);
        await button(page, 'Save').click();
        await expect(complaint(page)).toHaveText('That day has passed. Choose today or a later day.');
        await field(page, 'Day').fill(value);
        await expect(page.getByText(`Takes effect on ${words}.`)).toBeVisible();
        await button(page, 'Save').click();
        await expect(page.getByText('Saved.')).toBeVisible();
        await expect(field(page, 'Day')).toHaveValue(value);
        await expect(page.getByText(`required two-factor authentication of all users from ${words}.`)).toBeVisible();
      });
      await test.step('overview and activity', async () => {
        await openTab(page, 'Overview');
        await expect(page.getByText(`The account requires two-factor authentication from ${words}.`)).toBeVisible();
        await openTab(page, 'Activity');
        await expect(page.getByText(`from ${words}.`)).toBeVisible();
      });
      await test.step('somebody elsewhere reads the same day, and where it is', async () => {
        await reader.goto('/accounts/any');
        await expect(reader.getByText(`${ada.account} requires two-factor authentication from ${words} (${zone}).`)).toBeVisible();
      });
      const told = `${mailed} (${zone})`;
      await test.step('mail, file and command', async () => {
        const mail = await server.mail((text) => text.includes('requires two-factor authentication of all its users'));
        expect(mail.replace(/\s+/g, ' ')).toContain(`from ${told} on`);
        await page.goto('/accounts/any/activity');
        const downloading = page.waitForEvent('download');
        await page.getByRole('link', { name: /CSV/ }).click();
        expect(await readFile(await (await downloading).path(), 'utf8')).toContain(told);
        expect(command(server.data, 'account', 'list')).toContain(`required from ${told}\t${zone}\n`);
      });
      await test.step('another zone moves nothing, and is refused where there is none of that name', async () => {
        await openTab(page, 'General');
        await zoneField(page).fill('Mars/Olympus Mons');
        await button(page, 'Save time zone').click();
        await expect(complaint(page)).toContainText("That isn't a time zone that we know.");
        await zoneField(page).fill(other);
        await button(page, 'Save time zone').click();
        await expect(page.getByText('The account has its new time zone.')).toBeVisible();
        await openTab(page, 'Security');
        await expect(field(page, 'Day')).toHaveValue(value);
        await expect(page.getByText(`from ${words}.`)).toBeVisible();
        expect(command(server.data, 'account', 'list')).toContain(`required from ${told}\t${other}\n`);
      });
      await reader.context().close();
    });
  });
}
