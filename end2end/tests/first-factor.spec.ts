// The first factor takes a code from the mailbox, besides the password.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, expectAccessible, picture, test } from '../support/fixtures.ts';
import {
  button,
  complaint,
  dialog,
  field,
  mailedCode,
  openDialog,
  PROFILE,
  qrCode,
  saveCodes,
  SECURITY,
  shownCodes,
  signIn,
  SMS_OFFERED,
} from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

const CODE = 'Code from the message';

test.use({ mailboxesProven: false });

test('a first factor takes the code that was mailed, and says where it is', async ({ page, server }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  await button(page, 'Enable').click();
  const enabling = dialog(page, 'Enable two-factor authentication');
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Continue').click();
  await expect(enabling.getByText('A code was made for a…@example.org.')).toBeVisible();
  await expect(enabling.getByText('No mail server is set here', { exact: false })).toBeVisible();
  await expect(enabling.getByText('whoever operates this server can let you in.', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'enable-mailbox-code');

  const first = await mailedCode(server, ada);
  await field(enabling, CODE).fill('AAAA-AAAA');
  await button(enabling, 'Continue').click();
  await expect(complaint(enabling).filter({ hasText: "That code didn't match." })).toBeVisible();

  await button(enabling, 'Send another code').click();
  await expect(enabling.getByText('Another code was made for a…@example.org.')).toBeVisible();
  const second = await mailedCode(server, ada, [first]);
  await field(enabling, CODE).fill(second.toLowerCase().replace('-', ''));
  await button(enabling, 'Continue').click();

  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
  await saveCodes(enabling);
  await expect(button(page, 'Disable')).toBeVisible();
});

test('a mailed code that was tried too often is over, and nothing says that it is good', async ({ page, server }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  await button(page, 'Enable').click();
  const enabling = dialog(page, 'Enable two-factor authentication');
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Continue').click();
  const first = await mailedCode(server, ada);
  const good = enabling.getByText('It is good for ten minutes', { exact: false });
  await expect(good).toBeVisible();
  for (const left of ['4 tries left.', '3 tries left.', '2 tries left.', '1 try left.', 'That code is over']) {
    await field(enabling, CODE).fill('AAAA-AAAA');
    await button(enabling, 'Continue').click();
    await expect(complaint(enabling).filter({ hasText: left })).toBeVisible();
  }
  await expect(good).toBeHidden();

  await button(enabling, 'Send another code').click();
  await expect(enabling.getByText('Another code was made for a…@example.org.')).toBeVisible();
  await expect(complaint(enabling)).toBeHidden();
  await field(enabling, CODE).fill(await mailedCode(server, ada, [first]));
  await button(enabling, 'Continue').click();
  await expect(qrCode(enabling)).toBeVisible();
});

test('a page that is loaded again asks for the last code when no other can be mailed', async ({ page, server }) => {
  await signIn(page, ada);
  const seen: string[] = [];
  for (const isLast of [false, false, false, true]) {
    await page.goto(SECURITY);
    await button(page, 'Enable').click();
    const enabling = dialog(page, 'Enable two-factor authentication');
    await field(enabling, 'Password').fill(ada.password);
    await button(enabling, 'Continue').click();
    if (!isLast) {
      seen.push(await mailedCode(server, ada, seen));
      continue;
    }
    await expect(enabling.getByText('We can mail no other code for now.', { exact: false })).toBeVisible();
    // A code of ten minutes is over at a time, not on a day.
    await expect(enabling.getByText('is good until', { exact: false }).locator('time > span').first()).toHaveText(/^\d{1,2}:\d{2}/);
    await field(enabling, CODE).fill(seen.at(-1) ?? '');
    await button(enabling, 'Continue').click();
    await expect(qrCode(enabling)).toBeVisible();
  }
});

test('another address takes a code from the mailbox in use', async ({ page, server }) => {
  await signIn(page, ada);
  await page.goto(PROFILE);
  const changing = await openDialog(page, 'Change e-mail');
  await field(changing, 'New e-mail').fill('ada@new.example');
  await field(changing, 'Password').fill(ada.password);
  await button(changing, 'Send the link').click();
  await expect(changing.getByText('A code was made for a…@example.org.')).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'change-email-mailbox-code');
  await field(changing, CODE).fill('AAAA-AAAA');
  await button(changing, 'Send the link').click();
  await expect(complaint(changing).filter({ hasText: "That code didn't match." })).toBeVisible();
  await field(changing, CODE).fill(await mailedCode(server, ada));
  await button(changing, 'Send the link').click();
  await expect(page.getByText('ada@new.example waits for you to open the link')).toBeVisible();
});

test.describe('by SMS', () => {
  test.use({ settings: SMS_OFFERED });

  test('a number takes it too', async ({ page, server }) => {
    await signIn(page, ada);
    await page.goto(SECURITY);
    await button(page, 'Use SMS instead (legacy)').click();
    const enabling = dialog(page, 'Enable two-factor authentication by SMS');
    await field(enabling, 'Country').selectOption('United Kingdom (+44)');
    await field(enabling, 'Mobile number').fill('07400 123456');
    await field(enabling, 'Password').fill(ada.password);
    await button(enabling, 'Send a code').click();
    await field(enabling, CODE).fill(await mailedCode(server, ada));
    await button(enabling, 'Continue').click();
    await field(enabling, 'Code').fill((await server.textMessage()).code);
    await button(enabling, 'Turn on').click();
    await shownCodes(enabling);
    await saveCodes(enabling);
    await expect(button(page, 'Disable')).toBeVisible();
  });
});
