// SMS, the legacy factor, where the operator still offers it: set up, signing in, and the way to an app.

import type { Locator, Page } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import {
  beginEnablingSms,
  button,
  complaint,
  dialog,
  enableSms,
  enableTwoFactor,
  enterPassword,
  expectSignedIn,
  field,
  openDialog,
  saveCodes,
  SECURITY,
  shownCodes,
  signIn,
  signInWithCode,
  signOut,
  SMS,
  SMS_OFFERED,
} from '../support/pages.ts';
import { ada, type Twofold } from '../support/twofold.ts';

const NUMBER = '07400 123456';
const E164 = '+447400123456';
/** Enough for a test that is not about the limit. */
const MANY = { ...SMS_OFFERED, TWOFOLD_LIMITS_SMS_CODES: '20' };

test.use({ settings: MANY });

/** Six digits that are not these. */
function another(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** Sets it up and signs out. */
async function withSms(page: Page, server: Twofold): Promise<string[]> {
  await signIn(page, ada);
  const codes = await enableSms(page, server, ada);
  await signOut(page);
  return codes;
}

async function submit(within: Page | Locator, code: string): Promise<void> {
  await field(within, 'Code').fill(code);
  await button(within, 'Verify').click();
}

test('it is set up by keyboard, with a code from the phone', async ({ page, server }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  await button(page, 'Use SMS instead (legacy)').focus();
  await page.keyboard.press('Enter');
  const enabling = dialog(page, SMS);
  await expect(enabling.getByText('An authenticator app protects you better.')).toBeVisible();
  const country = field(enabling, 'Country');
  await expect(country).toBeFocused();
  await expect(country.getByRole('option', { name: /United Kingdom/ })).toBeAttached();
  // As in any list of the system: the first letter finds a line, arrows go on from there. More letters would have to come
  // within a second of each other, which a busy machine does not promise.
  await page.keyboard.press('u');
  await expect(country).not.toHaveValue('');
  while (!['GB', 'ZW'].includes(await country.inputValue())) {
    await page.keyboard.press('ArrowDown');
  }
  await expect(country).toHaveValue('GB');
  await page.keyboard.press('Tab');
  await expect(field(enabling, 'Mobile number')).toBeFocused();
  await page.keyboard.type(NUMBER);
  await page.keyboard.press('Tab');
  await page.keyboard.type(ada.password);
  await page.keyboard.press('Enter');

  await expect(field(enabling, 'Code')).toBeFocused();
  await expect(enabling.getByText('We sent a code to •••• 56.')).toBeVisible();
  const { to, code } = await server.textMessage();
  expect(to).toBe(E164);
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await shownCodes(enabling);
  await saveCodes(enabling);

  await expect(page.getByText('Two-factor authentication by SMS is on.')).toBeVisible();
  await expect(page.getByText(/^On since .*, SMS to •••• 56 \(legacy\)\.$/)).toBeVisible();
  await expect(page.getByText('SMS is being retired.')).toBeVisible();
  await expect(page.getByText('10 of 10 recovery codes left.')).toBeVisible();
  await expect(button(page, 'New recovery codes')).toBeVisible();
  await expect(button(page, 'Replace authenticator app')).toBeHidden();
  await expect(button(page, 'Use SMS instead (legacy)')).toBeHidden();
});

test('what is wrong is said beside its field, and the rest stays', async ({ page, server }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  const enabling = await openDialog(page, 'Use SMS instead (legacy)', SMS);
  const [country, number] = [field(enabling, 'Country'), field(enabling, 'Mobile number')];
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Send a code').click();
  await expect(country).toHaveAccessibleDescription('Choose the country of your number.');
  await expect(number).toHaveAccessibleDescription('Enter your phone number.');
  await expect(country).toBeFocused();

  await country.selectOption('Austria (+43)');
  for (const [given, said] of [
    ['12', "That isn't a phone number of this country. Check the country and every digit."],
    ['01 58858', 'This kind of number takes no text messages from us. Enter the number of a mobile phone.'],
  ] as const) {
    await number.fill(given);
    await button(enabling, 'Send a code').click();
    await expect(number).toHaveAccessibleDescription(said);
    await expect(number).toBeFocused();
    await expect(number).toHaveValue(given);
    await expect(country).toHaveValue('AT');
    await expect(field(enabling, 'Password')).toHaveValue(ada.password);
  }
  await number.fill('0664 1234567');
  await field(enabling, 'Password').fill('not the password');
  await button(enabling, 'Send a code').click();
  await expect(complaint(enabling)).toHaveText("That password isn't right. Try again.");
  expect(await server.textMessages()).toBe(0);
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Send a code').click();
  await expect(enabling.getByText('We sent a code to •••• 67.')).toBeVisible();
  expect((await server.textMessage()).to).toBe('+436641234567');
});

test('while setting it up, the newest code counts and a wrong one is said so', async ({ page, server }) => {
  await signIn(page, ada);
  const enabling = await beginEnablingSms(page, ada, NUMBER);
  const { code: older } = await server.textMessage();
  await button(enabling, 'Send again').click();
  await expect(enabling.getByText('We sent another code to •••• 56.')).toBeVisible();
  const { code } = await server.textMessage();
  await field(enabling, 'Code').fill(older === code ? another(code) : older);
  await button(enabling, 'Turn on').click();
  await expect(field(enabling, 'Code')).toHaveAccessibleDescription(/^That code didn't match. Use the one in the newest message/);
  await expect(field(enabling, 'Code')).toBeFocused();
  await field(enabling, 'Code').fill(code);
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
});

test('Escape in the middle leaves it off, and the code is worth nothing', async ({ page, server }) => {
  await signIn(page, ada);
  const enabling = await beginEnablingSms(page, ada, NUMBER);
  const { code } = await server.textMessage();
  await page.keyboard.press('Escape');
  await expect(enabling).toBeHidden();
  await expect(button(page, 'Use SMS instead (legacy)')).toBeFocused();
  const again = await beginEnablingSms(page, ada, NUMBER);
  const { code: newer } = await server.textMessage();
  await field(again, 'Code').fill(code === newer ? another(code) : code);
  await button(again, 'Turn on').click();
  await expect(complaint(again)).toContainText("That code didn't match.");
});

test('signing in sends one code, a reload none, and the code signs in', async ({ page, server }) => {
  await withSms(page, server);
  await enterPassword(page, ada);
  await expect(page.getByText('We sent a code to •••• 56.')).toBeVisible();
  await expect(field(page, 'Code')).toBeFocused();
  const { code } = await server.textMessage();
  await page.reload();
  await expect(page.getByText('We sent a code to •••• 56.')).toBeVisible();
  expect(await server.textMessages()).toBe(2);
  await submit(page, another(code));
  await expect(complaint(page)).toHaveText(
    "That code didn't match. Use the one in the newest message; it is good for ten minutes. 4 tries left.",
  );
  await submit(page, code);
  await expectSignedIn(page);
});

test('sending again makes the code before worthless', async ({ page, server }) => {
  await withSms(page, server);
  await enterPassword(page, ada);
  await expect(page.getByText('We sent a code to •••• 56.')).toBeVisible();
  const { code: older } = await server.textMessage();
  await button(page, 'Send again').click();
  await expect(page.getByText('We sent another code to •••• 56.')).toBeVisible();
  const { code } = await server.textMessage();
  if (older !== code) {
    await submit(page, older);
    await expect(complaint(page)).toContainText('Use the one in the newest message');
  }
  await submit(page, code);
  await expectSignedIn(page);
});

test('a recovery code signs in where no message comes', async ({ page, server }) => {
  const codes = await withSms(page, server);
  await enterPassword(page, ada);
  await button(page, 'Use a recovery code').click();
  await field(page, 'Recovery code').fill(codes[0]!);
  await button(page, 'Verify').click();
  await expectSignedIn(page);
  await page.goto(SECURITY);
  await expect(page.getByText('9 of 10 recovery codes left.')).toBeVisible();
});

test.describe('with three codes in ten minutes', () => {
  test.use({ settings: SMS_OFFERED });

  // F34: what the person sees of it.
  test('too many sends are refused with the wait, and the newest code still signs in', async ({ page, server }) => {
    await withSms(page, server);
    await enterPassword(page, ada);
    await expect(page.getByText('We sent a code to •••• 56.')).toBeVisible();
    await server.textMessage();
    await button(page, 'Send again').click();
    await expect(page.getByText('We sent another code to •••• 56.')).toBeVisible();
    await server.textMessage();
    await button(page, 'Send again').click();
    const { code } = await server.textMessage();
    await button(page, 'Send again').click();
    await expect(complaint(page)).toHaveText(
      /^We have sent as many codes as we can for now\. Wait (9|10) minutes, then ask for another; each is good/,
    );
    // One while it was set up, and three to this browser, which is known by then.
    expect(await server.textMessages()).toBe(4);
    await submit(page, code);
    await expectSignedIn(page);
  });
});

test.describe('where every sensitive act asks for a code', () => {
  test.use({ settings: { ...MANY, TWOFOLD_STEP_UP_CODE: 'always' } });

  test('the way to an app is to disable, with a code, and to enable again', async ({ page, server }) => {
    await signIn(page, ada);
    await enableSms(page, server, ada);
    const disabling = await openDialog(page, 'Disable', 'Disable two-factor authentication');
    await field(disabling, 'Password').fill(ada.password);
    await button(disabling, 'Send a code').click();
    await expect(disabling.getByText('We sent a code to •••• 56.')).toBeVisible();
    const { code } = await server.textMessage();
    // What was typed before stays.
    await expect(field(disabling, 'Password')).toHaveValue(ada.password);
    const given = field(disabling, 'Code from the message or a recovery code');
    await given.fill(another(code));
    await button(disabling, 'Disable two-factor authentication').click();
    await expect(given).toHaveAccessibleDescription(/^That code didn't match. Use the one in the newest message/);
    await given.fill(code);
    await button(disabling, 'Disable two-factor authentication').click();
    await expect(page.getByText('Two-factor authentication is off.')).toBeVisible();

    const sent = await server.textMessages();
    const { app } = await enableTwoFactor(page, ada);
    await expect(page.getByText(/^On since .*, authenticator app\.$/)).toBeVisible();
    await signOut(page);
    await signInWithCode(page, ada, await app.nextCode());
    await expectSignedIn(page);
    expect(await server.textMessages()).toBe(sent);
  });
});

test.describe('where the gateway is there but nobody new may use it', () => {
  test.use({ settings: { TWOFOLD_SMS_GATEWAY: 'outbox' } });

  test('only the app is offered', async ({ page }) => {
    await signIn(page, ada);
    await page.goto(SECURITY);
    await expect(button(page, 'Enable')).toBeVisible();
    await expect(button(page, 'Use SMS instead (legacy)')).toBeHidden();
  });
});
