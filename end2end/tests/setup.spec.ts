// The first start.

import { expect, test } from '../support/fixtures.ts';
import { button, expectSignedIn, field } from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

test.use({ people: { all: [] } });

test('without the printed link nobody gets in, and sign-in says what to do', async ({ page, server }) => {
  await page.goto('/sign-in');
  await expect(page.getByText('Open the set-up link')).toBeVisible();
  await page.goto('/setup');
  await expect(page.getByRole('heading', { name: "This link doesn't work" })).toBeVisible();
  const link = await server.setupLink();
  await page.goto(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`);
  await expect(page.getByRole('heading', { name: "This link doesn't work" })).toBeVisible();
});

test('every field says what is wrong with it and keeps what was typed', async ({ page, server }) => {
  await page.goto(await server.setupLink());
  await field(page, 'Your name').fill(ada.name);
  await field(page, 'E-mail').fill('ada.example.org');
  await field(page, 'Password').fill('password1');
  await button(page, 'Create account').click();
  await expect(page.getByText("That isn't a complete e-mail address.")).toBeVisible();
  await expect(page.getByText('Enter a name for the account.')).toBeVisible();
  await expect(page.getByText('Many people use this password')).toBeVisible();
  await expect(field(page, 'Your name')).toHaveValue(ada.name);
  await field(page, 'E-mail').fill(ada.email);
  await field(page, 'Account name').fill(ada.account);
  await field(page, 'Password').fill(ada.password);
  await button(page, 'Create account').click();
  await expectSignedIn(page);
});
