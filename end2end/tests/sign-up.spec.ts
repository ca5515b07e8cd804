// Sign-up by mailed link: the page never tells who has a user here.

import { expect, test } from '../support/fixtures.ts';
import { button, field, signIn } from '../support/pages.ts';
import { ada, type Person } from '../support/twofold.ts';

const grace: Person = {
  name: 'Grace Hopper',
  email: 'grace@example.org',
  account: 'Compilers',
  password: 'nanosecond wire 11.8 inches',
};

test.use({ settings: { TWOFOLD_SIGN_UP: 'true' } });

test('the mailed link makes the user, once', async ({ page, server }) => {
  for (const person of [grace, { ...grace, email: ada.email }]) {
    await page.goto('/sign-up');
    await field(page, 'Your name').fill(person.name);
    await field(page, 'E-mail').fill(person.email);
    await field(page, 'Account name').fill(person.account);
    await field(page, 'Password').fill(person.password);
    await button(page, 'Sign up').click();
    await expect(page.getByRole('heading', { name: 'Check your e-mail' })).toBeVisible();
  }
  const mail = await server.mail((text) => text.includes(`To: ${grace.email}`));
  const link = /http:\/\/\S+\/verify-email#[\w-]+/.exec(mail)![0];
  const told = await server.mail((text) => text.includes(`To: ${ada.email}`));
  expect(told).toContain('You already have a user');
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await signIn(page, grace);
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link has been used or is too old' })).toBeVisible();
});
