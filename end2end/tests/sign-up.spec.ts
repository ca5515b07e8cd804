// Sign-up by mailed link and password: the page never tells who has a user here, and a stranger's password becomes nobody else's.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/fixtures.ts';
import { button, complaint, enterPassword, expectSignedIn, field, signIn, signOut } from '../support/pages.ts';
import { ada, type Person } from '../support/twofold.ts';

const grace: Person = {
  name: 'Grace Hopper',
  email: 'grace@example.org',
  account: 'Compilers',
  password: 'nanosecond wire 11.8 inches',
};

test.use({ settings: { TWOFOLD_SIGN_UP: 'true' } });

async function signUp(page: Page, person: Person): Promise<void> {
  await page.goto('/sign-up');
  await field(page, 'Your name').fill(person.name);
  await field(page, 'E-mail').fill(person.email);
  await field(page, 'Account name').fill(person.account);
  await field(page, 'Password').fill(person.password);
  await button(page, 'Sign up').click();
  await expect(page.getByRole('heading', { name: 'A message was written' })).toBeVisible();
}

async function finish(page: Page, password: string): Promise<void> {
  await field(page, 'Password').fill(password);
  await button(page, 'Finish signing up').click();
}

test('the mailed link and the password make the user, once, and sign in', async ({ page, server }) => {
  await signUp(page, grace);
  await signUp(page, { ...grace, email: ada.email });
  const told = await server.mail((text) => text.includes(`To: ${ada.email}`));
  expect(told).toContain('You are already registered');
  const link = await server.link('/verify-email', grace.email);
  await page.goto(link);
  await expect(field(page, 'Password')).toHaveAttribute('autocomplete', 'current-password');
  await expect(page).toHaveURL(/\/verify-email$/);
  await finish(page, grace.password);
  await expectSignedIn(page);
  await expect(page.getByRole('heading', { name: grace.account, level: 1 })).toBeVisible();
  await signOut(page);
  // Said before anything is typed.
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await signIn(page, grace);
});

test('whoever did not sign up cannot finish it, and can sign up themselves', async ({ page, server }) => {
  const stranger = { ...grace, name: 'Free money', password: 'chosen by a stranger 1' };
  await signUp(page, stranger);
  const link = await server.link('/verify-email', grace.email);
  await page.goto(link);
  await expect(page.getByText('If you did not sign up, close this page: nothing happens.')).toBeVisible();
  await finish(page, grace.password);
  await expect(complaint(page)).toHaveText("That password isn't right. Try again.");
  await expect(field(page, 'Password')).toBeFocused();
  await page.getByRole('link', { name: 'Sign up again' }).click();
  await signUp(page, grace);
  const own = /http:\/\/\S+\/verify-email#[\w-]+/;
  const mail = await server.mail((text) => own.test(text) && own.exec(text)![0] !== link);
  await page.goto(own.exec(mail)![0]);
  await finish(page, grace.password);
  await expectSignedIn(page);
  await signOut(page);
  await enterPassword(page, stranger);
  await expect(complaint(page)).toContainText("don't match");
});

test('where signing in is paused for strangers, who has opened the mailed link is none and is in', async ({ page, server }) => {
  await signUp(page, grace);
  // Somebody has guessed at the address.
  for (let n = 0; n < 10; n += 1) {
    await page.request.post('/api/sign-in/password', {
      headers: { origin: server.address },
      data: { email: grace.email, password: 'guessed' },
    });
  }
  await page.goto(await server.link('/verify-email', grace.email));
  await finish(page, grace.password);
  await expectSignedIn(page);
});
