// The QR code is read from what the screen shows, wherever it is shown.

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, expectNoSidewaysScroll, test } from '../support/fixtures.ts';
import { beginEnabling, qrCode, signIn } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

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
    // 160 bits (RFC 4226 §4) are 32 characters of Base32.
    expect(app.secret).toMatch(/^[A-Z2-7]{32}$/);
    const groups = app.secret.match(/.{4}/g)!.join(' ');
    await expect(enabling.getByText(groups)).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
}
