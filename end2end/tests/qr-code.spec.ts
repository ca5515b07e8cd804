// The QR code is read from what the screen shows, wherever it is shown.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, expectNoSidewaysScroll, test } from '../support/fixtures.ts';
import { beginEnabling, button, field, qrCode, shownCodes, signIn } from '../support/pages.ts';
import { ada, type Person } from '../support/twofold.ts';

test.describe('of the longest address', () => {
  const long: Person = { ...ada, email: `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example.org` };
  test.use({ people: { all: [long] } });

  for (const width of [320, 1024]) {
    test(`the QR code has modules that a phone can tell apart at ${width} px, and the dialog says what the app shows`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await signIn(page, long);
      const enabling = await beginEnabling(page, long);
      const app = await AuthenticatorApp.scan(qrCode(enabling));
      const [box, modules] = [
        (await qrCode(enabling).boundingBox())!,
        await qrCode(enabling).evaluate((drawing) => (drawing as SVGSVGElement).viewBox.baseVal.width),
      ];
      expect(modules).toBeLessThanOrEqual(65);
      expect(box.width / modules, 'pixels of a module').toBeGreaterThanOrEqual(4);
      await expect(enabling.getByText(/^Twofold: a{64}@b+\.c*\.\.\.$|^Twofold: a{64}@b+\.\.\.$/)).toBeVisible();
      await expectNoSidewaysScroll(page);
      await field(enabling, 'Code').fill(await app.nextCode());
      await button(enabling, 'Turn on').click();
      await shownCodes(enabling);
    });
  }
});

for (const [name, colorScheme, width] of [
  ['in light', 'light', 1024],
  ['in dark', 'dark', 1024],
  ['at 320 px', 'light', 320],
  ['at 320 px in dark', 'dark', 320],
] as const) {
  // F69, F126: drawn by us, and read in dark too; a request that leaves our address fails every test.
  test(`the QR code can be scanned ${name}, and the key beside it says the same`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await signIn(page, ada);
    const enabling = await beginEnabling(page, ada);
    const app = await AuthenticatorApp.scan(qrCode(enabling));
    const box = await qrCode(enabling).boundingBox();
    expect(box!.width).toBeGreaterThanOrEqual(200);
    const modules = await qrCode(enabling).evaluate((drawing) => (drawing as SVGSVGElement).viewBox.baseVal.width);
    expect(box!.width / modules, 'pixels of a module').toBeGreaterThanOrEqual(4);
    // 160 bits (RFC 4226 §4) are 32 characters of Base32.
    expect(app.secret).toMatch(/^[A-Z2-7]{32}$/);
    const groups = app.secret.match(/.{4}/g)!.join(' ');
    await expect(enabling.getByText(groups)).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
}
