// Faults that others had with names: markup in them is text, wherever it is shown.

import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, test } from '../support/fixtures.ts';
import {
  beginEnabling,
  button,
  field,
  lines,
  openDialog,
  openTab,
  PROFILE,
  qrCode,
  saveCodes,
  SECURITY,
  shownCodes,
  signIn,
} from '../support/pages.ts';
import { ada, grace, type Person } from '../support/twofold.ts';

/** Markup that would run, or at least be drawn, where a page takes text for HTML. */
const MARKUP = `"><img src=x onerror=alert(1)><svg onload=alert(1)>'`;
/** What an app is given of the product's name. */
const CUT = 'P"><img src=x onerror=alert(1...';
const mallory: Person = { ...ada, name: `M${MARKUP}`, account: `A${MARKUP}` };

test.describe('with markup for a name', () => {
  test.use({
    people: { all: [mallory, grace] },
    settings: { TWOFOLD_PRODUCT_NAME: `P${MARKUP}` },
    userAgent: `Mozilla/5.0 B${MARKUP}`,
  });

  /** Nothing of it became an element; a script that had run would have opened a dialog of the browser. */
  async function expectText(page: Page, text: string | RegExp): Promise<void> {
    await expect(page.getByText(text).first()).toBeAttached();
    expect(await page.locator('img[src="x"], [onerror], [onload]').count()).toBe(0);
  }

  // F108: what an authenticator app, a file and a mail get of it is text as well.
  test('it is text in the set-up, in the file of recovery codes and in mails', async ({ page, server }) => {
    page.on('dialog', (opened) => {
      throw new Error(`a script ran: ${opened.message()}`);
    });
    await page.goto(`/sign-in?name=${encodeURIComponent(MARKUP)}&otpauth=${encodeURIComponent(MARKUP)}`);
    await expect(button(page, 'Sign in')).toBeVisible();
    await expectText(page, `P${MARKUP}`);
    // What stands in the address is not shown.
    expect((await page.locator('body').innerText()).replaceAll(`P${MARKUP}`, '')).not.toContain('onerror');
    await signIn(page, mallory);
    const enabling = await beginEnabling(page, mallory);
    // Cut, so that the QR code stays coarse enough for a phone.
    await expectText(page, CUT);
    const app = await AuthenticatorApp.scan(qrCode(enabling));
    expect(app.issuer).toBe(CUT);
    await field(enabling, 'Code').fill(await app.nextCode());
    await button(enabling, 'Turn on').click();
    await shownCodes(enabling);
    const downloading = page.waitForEvent('download');
    await button(enabling, 'Download codes').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^[\w-]+\.txt$/);
    // Plain text, of which the name is the operator's.
    const [title, ...rest] = (await readFile(await download.path(), 'utf8')).split('\n');
    expect(title).toBe(`P${MARKUP} recovery codes for ${mallory.email}`);
    expect(rest.join('\n')).not.toContain('<');
    await saveCodes(enabling);
    const mail = await server.mail((text) => text.includes('Two-factor authentication is on'));
    const html = mail.slice(mail.indexOf('text/html'));
    expect(html).toContain('&lt;img src');
    expect(html).not.toMatch(/<(img|svg)/);
  });

  // F109: as a person, an account, a browser and a line of the log.
  test('it is text wherever names are shown', async ({ page, otherBrowser, server }) => {
    page.on('dialog', (opened) => {
      throw new Error(`a script ran: ${opened.message()}`);
    });
    await signIn(page, mallory);
    await expectText(page, mallory.account);
    await button(page, 'Your menu').click();
    await expectText(page, mallory.name);
    await page.goto(SECURITY);
    await expect(lines(page, 'Sessions')).toHaveCount(1);
    // A browser is a word of ours, whatever it calls itself.
    await expect(page.getByText(`B${MARKUP}`)).toHaveCount(0);
    await page.goto(PROFILE);
    await expect(field(page, 'Your name')).toHaveValue(mallory.name);
    await page.goto('/accounts/any/users');
    await expectText(page, mallory.name);
    await button(page, `Manage ${mallory.name}`).click();
    await expectText(page, mallory.name);
    await page.keyboard.press('Escape');
    const inviting = await openDialog(page, 'Invite a user');
    await field(inviting, 'First name').fill(`I${MARKUP}`);
    await field(inviting, 'E-mail').fill(grace.email);
    await inviting.getByRole('checkbox', { name: 'Developer' }).check();
    await button(inviting, 'Send invitation').click();
    await expect(page.getByText(`${grace.email} is invited.`)).toBeVisible();
    const link = await server.link('/invitation', grace.email);
    await signIn(otherBrowser, grace);
    await otherBrowser.goto(link);
    await expectText(otherBrowser, mallory.account);
    await button(otherBrowser, `Join ${mallory.account}`).click();
    await expect(otherBrowser.getByRole('heading', { name: mallory.account, level: 1 })).toBeVisible();
    await expectText(otherBrowser, mallory.account);
    await openTab(page, 'Activity');
    await expectText(page, `${mallory.name} invited ${grace.email}.`);
    await page.getByRole('searchbox', { name: 'Person' }).fill(mallory.name);
    await button(page, 'Show').click();
    await expect(button(page, 'Show everything')).toBeVisible();
    await expectText(page, `${mallory.name} invited ${grace.email}.`);
  });
});
