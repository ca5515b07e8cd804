// What is different on a phone: touch, a narrow window, a camera that cannot see its own screen.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, picture, test } from '../support/fixtures.ts';
import { button, dialog, field, openDialog, qrCode, SECURITY, shownCodes, signIn } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

test('on a phone the app is opened or the key copied, and no keyboard comes up before', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  const enabling = await openDialog(page, 'Enable', 'Enable two-factor authentication');
  await field(enabling, 'Password').fill(ada.password);
  await button(enabling, 'Continue').click();
  const open = enabling.getByRole('link', { name: 'Open in your authenticator app' });
  await expect(open).toBeVisible();
  await expect(enabling.getByRole('heading', { name: 'Add it to your authenticator app' })).toBeFocused();
  await expect(qrCode(enabling)).toBeHidden();
  expect(await button(enabling, 'Copy key').evaluate((copy, link) => copy.compareDocumentPosition(link!), await open.elementHandle())).toBe(2);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await picture(page, 'enable-on-a-phone');

  // The address, and the picture for another device, hold the same key.
  const uri = (await open.getAttribute('href'))!;
  expect(uri).toMatch(/^otpauth:\/\/totp\/Twofold:ada%40example\.org\?secret=[A-Z2-7]{32}&issuer=Twofold$/);
  await enabling.getByText('The app is on another device').click();
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  expect(uri).toContain(`secret=${app.secret}`);
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  await shownCodes(enabling);
});

test('the navigation of an account is one row, down to 320 px', async ({ page }) => {
  await signIn(page, ada);
  for (const width of [320, 360, 390]) {
    await page.setViewportSize({ width, height: 740 });
    const links = page.getByRole('navigation', { name: 'Account' }).getByRole('link');
    await expect(links).toHaveCount(5);
    const boxes = await Promise.all((await links.all()).map((link) => link.boundingBox()));
    expect(new Set(boxes.map((box) => box!.y)).size, `${width} px`).toBe(1);
    expect(boxes.at(-1)!.x + boxes.at(-1)!.width, `${width} px`).toBeLessThanOrEqual(width);
    // Nothing of the row has to be scrolled to.
    const row = page.getByRole('navigation', { name: 'Account' });
    expect(await row.evaluate((it) => it.scrollWidth - it.clientWidth), `${width} px`).toBeLessThanOrEqual(0);
    await expectNoSidewaysScroll(page);
  }
});

test('a dialog of two sentences takes no more of a phone than it needs', async ({ page }) => {
  await signIn(page, ada);
  await page.goto('/accounts/any/users');
  await button(page, `Manage ${ada.name}`).click();
  const managing = dialog(page, 'Manage user');
  await expect(managing).toBeVisible();
  // At the lower edge, once it has come to rest there.
  const isAtTheEdge = async () => {
    const { y, height } = (await managing.boundingBox())!;
    return y > 60 && Math.abs(y + height - 740) <= 1;
  };
  await expect.poll(isAtTheEdge).toBe(true);
});

test('names are typed with capitals, addresses without', async ({ page }) => {
  await signIn(page, ada);
  await page.goto('/users/settings/profile');
  await expect(field(page, 'Your name')).toHaveAttribute('autocapitalize', 'words');
  await openDialog(page, 'Change e-mail');
  await expect(field(page, 'New e-mail')).toHaveAttribute('autocapitalize', 'none');
});

test('a finger has the exact time of a day', async ({ page }) => {
  await signIn(page, ada);
  await page.goto(SECURITY);
  const set = page.getByText(/^Set on /).locator('time');
  const day = set.locator('[aria-hidden]');
  await expect(day).not.toHaveText(/\d\d:\d\d/);
  await set.tap();
  await expect(day).toHaveText(/\d\d:\d\d$/);
});
