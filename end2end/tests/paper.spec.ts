// What comes out on paper.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, test } from '../support/fixtures.ts';
import { beginEnabling, button, field, openTab, qrCode, saveCodes, shownCodes, signIn } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

test('printed codes say whose they are, where and since when they are good, and how to use them', async ({ page, server }) => {
  await signIn(page, ada);
  const enabling = await beginEnabling(page, ada);
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
  const [download] = await Promise.all([page.waitForEvent('download'), button(enabling, 'Download codes').click()]);
  const { readFile } = await import('node:fs/promises');
  const file = await readFile((await download.path())!, 'utf8');
  await page.emulateMedia({ media: 'print' });
  const sheet = [`Twofold recovery codes for ${ada.email}`, `They sign in at ${server.address}`, 'Made on ', 'Each code works once'];
  for (const words of sheet) {
    await expect(page.getByText(words).first()).toBeVisible();
    expect(file).toContain(words);
  }
  await expect(page.getByText('Strike off each code that you have used.')).toBeVisible();
  await expect(button(enabling, 'Print codes')).toBeHidden();
  await page.emulateMedia({ media: null });
  await saveCodes(enabling);
});

test('a printed list has no controls', async ({ page }) => {
  await signIn(page, ada);
  for (const tab of ['Users', 'Activity'] as const) {
    await openTab(page, tab);
    await expect(page.getByText(tab === 'Users' ? ada.email : 'Download').filter({ visible: true }).first()).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('navigation', { name: 'Account' })).toBeHidden();
    await expect(page.getByRole('button').filter({ visible: true })).toHaveCount(0);
    await expect(page.getByRole('combobox').filter({ visible: true })).toHaveCount(0);
    await page.emulateMedia({ media: null });
  }
});
