// Nothing jumps, nothing sticks out, nothing is left alone in a row.

import type { Page } from '@playwright/test';

import { expect, expectNoSidewaysScroll, test } from '../support/fixtures.ts';
import { button, enableTwoFactor, field, openTab, signIn, signOut, enterPassword } from '../support/pages.ts';
import { ada, type Person } from '../support/twofold.ts';

/** Adds up the layout shifts of a load (Layout Instability API); below 0.05 nobody notices one. */
async function shiftOf(page: Page, path: string, settled: () => Promise<void>): Promise<number> {
  await page.goto(path);
  await settled();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate(() => Number(Reflect.get(globalThis, 'layoutShift')));
}

for (const [device, width, height] of [
  ['a phone', 390, 844],
  ['a desktop', 1280, 800],
] as const) {
  test(`no page moves while it loads on ${device}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.addInitScript(() => {
      let sum = 0;
      Reflect.set(globalThis, 'layoutShift', 0);
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          sum += Number(Reflect.get(entry, 'value'));
        }
        Reflect.set(globalThis, 'layoutShift', sum);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const shifts: Record<string, number> = {};
    const measure = async (path: string, last: string) => {
      shifts[path] = await shiftOf(page, path, () => expect(page.getByText(last).first()).toBeVisible());
    };
    await measure('/sign-in', 'Forgot your password?');
    await signIn(page, ada);
    for (const [path, last] of [
      ['/accounts/any', 'Only your password protects'],
      ['/accounts/any/users', 'Nobody has an open invitation'],
      ['/accounts/any/security', 'Turn it on for yourself'],
      ['/accounts/any/activity', 'Download'],
      ['/accounts/any/general', 'You lose access at once.'],
      ['/users/settings/security', 'This was not me'],
      ['/users/settings/profile', 'For good: you leave all accounts'],
    ] as const) {
      await measure(path, last);
    }
    const over = Object.entries(shifts).filter(([, shift]) => shift >= 0.05);
    expect(over, JSON.stringify(shifts)).toEqual([]);
  });
}

const long: Person = {
  name: 'Wolfeschlegelsteinhausenbergerdorff Donaudampfschiff',
  email: `${'wolfeschlegelstein'.repeat(3)}@${'donaudampfschifffahrt'.repeat(2)}.example.org`,
  account: 'Analytical Engines',
  password: 'Jacquard loom 1843 punch cards',
};

test('a long address in a notice does not push the page sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, ada);
  await openTab(page, 'Users');
  await button(page, 'Invite a user').click();
  await field(page, 'First name').fill('Wolfe');
  await field(page, 'E-mail').fill(long.email);
  await page.getByRole('checkbox', { name: 'Developer' }).check();
  await button(page, 'Send invitation').click();
  await expect(page.getByText(`${long.email} is invited.`)).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test('the ways out of the code page stand one below the other, in line with the text', async ({ page }) => {
  await signIn(page, ada);
  await enableTwoFactor(page, ada);
  await signOut(page);
  await enterPassword(page, ada);
  await expect(field(page, 'Code')).toBeVisible();
  const ways = ['Use a recovery code', 'I have lost both', 'Start over'];
  const boxes = await Promise.all(ways.map(async (way) => (await button(page, way).boundingBox())!));
  expect(new Set(boxes.map((box) => box.x)).size).toBe(1);
  expect(new Set(boxes.map((box) => box.y)).size).toBe(3);
});

test('the bar of coverage and the current page are seen in forced colours', async ({ page }) => {
  await signIn(page, ada);
  await page.emulateMedia({ forcedColors: 'active' });
  const bar = page.locator('.coverage__bar');
  await expect(bar).toBeVisible();
  expect(await bar.evaluate((it) => getComputedStyle(it).forcedColorAdjust)).toBe('none');
  const borders = await page
    .getByRole('navigation', { name: 'Account' })
    .getByRole('link')
    .evaluateAll((links) => links.map((it) => getComputedStyle(it).borderTopStyle));
  expect(borders).toEqual(['solid', 'none', 'none', 'none', 'none']);
});
