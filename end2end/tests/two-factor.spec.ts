// The Two-factor authentication card and its dialogs, where something goes wrong or is done differently.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, test } from '../support/fixtures.ts';
import {
  beginEnabling,
  button,
  complaint,
  dialog,
  enableTwoFactor,
  enterPassword,
  expectSignedIn,
  field,
  qrCode,
  saveCodes,
  SECURITY,
  shownCodes,
  signIn,
  signInWithCode,
  signOut,
} from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

test.beforeEach(async ({ page }) => {
  await signIn(page, ada);
});

test('a wrong password is said beside the field and nothing is lost', async ({ page }) => {
  await page.goto(SECURITY);
  await button(page, 'Enable').click();
  const enabling = dialog(page, 'Enable two-factor authentication');
  await field(enabling, 'Password').fill('not the password');
  await button(enabling, 'Continue').click();
  await expect(complaint(enabling)).toHaveText("That password isn't right. Try again.");
  await expect(field(enabling, 'Password')).toBeFocused();
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Continue').click();
  await expect(qrCode(enabling)).toBeVisible();
});

test('a wrong code keeps the same QR code, and the right one still counts', async ({ page }) => {
  const enabling = await beginEnabling(page, ada);
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(app.wrongCode());
  await button(enabling, 'Turn on').click();
  await expect(complaint(enabling)).toContainText("That code didn't match.");
  const again = await AuthenticatorApp.scan(qrCode(enabling));
  expect(again.secret).toBe(app.secret);
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
});

test('something that is no code is said so, and is kept to be mended', async ({ page }) => {
  const enabling = await beginEnabling(page, ada);
  await field(enabling, 'Code').fill('12345');
  await button(enabling, 'Turn on').click();
  await expect(complaint(enabling)).toContainText('A code has six digits.');
  await expect(field(enabling, 'Code')).toHaveValue('12345');
});

for (const [direction, seconds, words] of [
  ['behind', -300, /was right .* ago/],
  ['ahead', 300, /would be right in/],
] as const) {
  test(`a code of a clock that is ${direction} says so`, async ({ page }) => {
    const enabling = await beginEnabling(page, ada);
    const app = await AuthenticatorApp.scan(qrCode(enabling));
    await field(enabling, 'Code').fill(app.codeAt(Date.now() / 1000 + seconds));
    await button(enabling, 'Turn on').click();
    await expect(complaint(enabling)).toContainText(words);
    await expect(complaint(enabling)).toContainText('minutes');
  });
}

for (const [kind, write] of [
  ['a blank in the middle', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ['full-width digits', (code: string) => code.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)))],
] as const) {
  // F119, F120: as it is pasted.
  test(`a code with ${kind} is the code`, async ({ page }) => {
    const enabling = await beginEnabling(page, ada);
    const app = await AuthenticatorApp.scan(qrCode(enabling));
    await field(enabling, 'Code').fill(write(await app.nextCode()));
    await button(enabling, 'Turn on').click();
    await shownCodes(enabling);
    await saveCodes(enabling);
    await signOut(page);
    await signInWithCode(page, ada, write(await app.nextCode()));
    await expectSignedIn(page);
  });
}

test('Escape in the middle leaves it off, and Enable starts again with another key', async ({ page }) => {
  const enabling = await beginEnabling(page, ada);
  const first = await AuthenticatorApp.scan(qrCode(enabling));
  await page.keyboard.press('Escape');
  await expect(enabling).toBeHidden();
  await expect(button(page, 'Enable')).toBeFocused();
  const again = await beginEnabling(page, ada);
  const second = await AuthenticatorApp.scan(qrCode(again));
  expect(second.secret).not.toBe(first.secret);
  await field(again, 'Code').fill(first.wrongCode());
  await button(again, 'Turn on').click();
  await expect(complaint(again)).toBeVisible();
  await field(again, 'Code').fill(await second.nextCode());
  await button(again, 'Turn on').click();
  await shownCodes(again);
});

// F59: nothing is on before a right code.
test('a reload in the middle leaves it off and starts again', async ({ page }) => {
  await beginEnabling(page, ada);
  await page.reload();
  await expect(button(page, 'Enable')).toBeVisible();
  await enableTwoFactor(page, ada);
});

// F62: the page says it.
test('a tab that was overtaken says so and its key is worth nothing', async ({ page, context }) => {
  const enabling = await beginEnabling(page, ada);
  const overtaken = await AuthenticatorApp.scan(qrCode(enabling));
  const otherTab = await context.newPage();
  const other = await beginEnabling(otherTab, ada);
  await field(enabling, 'Code').fill(await overtaken.nextCode());
  await button(enabling, 'Turn on').click();
  await expect(enabling.getByText('Another tab or window has started this since')).toBeVisible();
  const app = await AuthenticatorApp.scan(qrCode(other));
  await field(other, 'Code').fill(await app.nextCode());
  await button(other, 'Turn on').click();
  await shownCodes(other);
});

// F145: shown once, and said so.
test('closing on the recovery codes asks once', async ({ page }) => {
  const enabling = await beginEnabling(page, ada);
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  const codes = await shownCodes(enabling);
  await page.keyboard.press('Escape');
  await expect(page.getByText('Close without saving the codes?')).toBeVisible();
  await button(page, 'Keep them open').click();
  expect(await shownCodes(enabling)).toEqual(codes);
  await page.keyboard.press('Escape');
  await button(page, 'Close anyway').click();
  await expect(enabling).toBeHidden();
  await expect(button(page, 'Disable')).toBeVisible();
});

test('turning it on ends the other sessions and keeps this one', async ({ page, otherBrowser }) => {
  await signIn(otherBrowser, ada);
  await enableTwoFactor(page, ada);
  await otherBrowser.goto(SECURITY);
  await expect(otherBrowser).toHaveURL(/\/sign-in/);
  await page.reload();
  await expect(button(page, 'Disable')).toBeVisible();
});

test('the old app works until the new one is proven, then no longer', async ({ page, otherBrowser }) => {
  const { app: old, codes: oldCodes } = await enableTwoFactor(page, ada);
  await button(page, 'Replace authenticator app').click();
  const replacing = dialog(page, 'Replace authenticator app');
  await field(replacing, 'Password').fill(ada.password);
  await button(replacing, 'Continue').click();
  const app = await AuthenticatorApp.scan(qrCode(replacing));
  expect(app.secret).not.toBe(old.secret);

  await signInWithCode(otherBrowser, ada, await old.nextCode());
  await expectSignedIn(otherBrowser);

  app.skipUsedBy(old);
  await field(replacing, 'Code').fill(await app.nextCode());
  await button(replacing, 'Replace').click();
  const codes = await shownCodes(replacing);
  expect(codes.filter((code) => oldCodes.includes(code))).toEqual([]);
  await saveCodes(replacing);
  await expect(page.getByText('Your new authenticator app is in use.')).toBeVisible();

  await signOut(page);
  await signInWithCode(page, ada, old.codeAt(Date.now() / 1000));
  await expect(complaint(page)).toContainText("That code didn't match.");
  await field(page, 'Code').fill(await app.nextCode());
  await button(page, 'Verify').click();
  await expectSignedIn(page);
});

test('new recovery codes end the old ones', async ({ page }) => {
  const { codes: old } = await enableTwoFactor(page, ada);
  await button(page, 'New recovery codes').click();
  const renewing = dialog(page, 'New recovery codes');
  await field(renewing, 'Password').fill(ada.password);
  await button(renewing, 'Continue').click();
  const codes = await shownCodes(renewing);
  expect(codes.filter((code) => old.includes(code))).toEqual([]);
  await saveCodes(renewing);

  await signOut(page);
  await enterPassword(page, ada);
  await button(page, 'Use a recovery code').click();
  await field(page, 'Recovery code').fill(old[0]!);
  await button(page, 'Verify').click();
  await expect(complaint(page)).toContainText("That recovery code didn't match.");
  await field(page, 'Recovery code').fill(codes[0]!.toUpperCase().replaceAll('-', ' '));
  await button(page, 'Verify').click();
  await expectSignedIn(page);
});

test('disabling with a wrong password changes nothing', async ({ page }) => {
  await enableTwoFactor(page, ada);
  await button(page, 'Disable').click();
  const disabling = dialog(page, 'Disable two-factor authentication');
  await field(disabling, 'Password').fill('not the password');
  await button(disabling, 'Disable two-factor authentication').click();
  await expect(complaint(disabling)).toHaveText("That password isn't right. Try again.");
  await button(disabling, 'Cancel').click();
  await expect(disabling).toBeHidden();
  await page.reload();
  await expect(button(page, 'Disable')).toBeVisible();
});
