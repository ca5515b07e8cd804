// Whether the eyes on secrets see: what is planted is found, and a whole story leaves nothing but what it must.

import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from '../support/fixtures.ts';
import {
  button,
  enableTwoFactor,
  enterPassword,
  expectSignedIn,
  field,
  signIn,
  signInWithCode,
  signOut,
} from '../support/pages.ts';
import { leaks, leaksInPages, Secrets } from '../support/secrets.ts';
import { ada } from '../support/twofold.ts';

const PASSWORD = 'Jacquard loom 1843';
const KEY = 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP';
const TOKEN = Buffer.alloc(32, 0xa7).toString('base64url');
const CODE = '408193';

function planted(): Secrets {
  const secrets = new Secrets();
  for (const secret of [PASSWORD, KEY, TOKEN, CODE]) {
    secrets.add(secret);
  }
  return secrets;
}

const written: [string, string][] = [
  ['a password', PASSWORD],
  ['a key in one piece', KEY.replaceAll(' ', '')],
  ['a key in small letters', KEY.replaceAll(' ', '').toLowerCase()],
  ['a token', TOKEN],
  ['a code', `code ${CODE} accepted`],
];

/** An empty folder for what is planted. */
async function folder(): Promise<string> {
  const data = test.info().outputPath(String(Math.random()));
  await mkdir(data, { recursive: true });
  return data;
}

test('what is printed into the log is found', async () => {
  const data = await folder();
  for (const [what, text] of written) {
    expect(await leaks(planted(), data, `12:00 info signed in ${text}\n`), what).toHaveLength(1);
  }
});

test('what is mailed is found, and in a link it is not', async () => {
  const data = await folder();
  const mail = path.join(data, 'outbox', '1.eml');
  await mkdir(path.dirname(mail));
  for (const [what, text] of written) {
    await writeFile(mail, `To: ada@example.org\r\n\r\nHello ${text}\r\n`);
    expect(await leaks(planted(), data, ''), what).toHaveLength(1);
    await writeFile(mail, `Open http://127.0.0.1:1/x#${text.replaceAll(' ', '')}\r\n`);
    expect(await leaks(planted(), data, ''), what).toHaveLength(0);
  }
});

test('what stands in a row of the database is found', async () => {
  const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('CREATE TABLE audit_events (details TEXT)')
db.execute('INSERT INTO audit_events VALUES (?)', sys.argv[2:])
db.commit()`;
  for (const [what, text] of written) {
    const data = await folder();
    execFileSync('/usr/bin/python3', ['-c', script, path.join(data, 'twofold.db'), text]);
    expect(await leaks(planted(), data, ''), what).not.toHaveLength(0);
  }
});

test('what stands in the write-ahead log is found, spelled or as bytes', async () => {
  for (const bytes of [
    Buffer.from(PASSWORD),
    Buffer.from('48656c6c6f21deadbeef48656c6c6f21deadbeef', 'hex'),
    Buffer.alloc(32, 0xa7),
    Buffer.from(Buffer.alloc(32, 0xa7).toString('hex')),
  ]) {
    const data = await folder();
    await writeFile(path.join(data, 'twofold.db-wal'), Buffer.alloc(4096));
    expect(await leaks(planted(), data, '')).toHaveLength(0);
    await appendFile(path.join(data, 'twofold.db-wal'), Buffer.concat([Buffer.alloc(77, 1), bytes, Buffer.alloc(9)]));
    expect(await leaks(planted(), data, '')).toHaveLength(1);
  }
});

test('digits that are part of something else are no code', async () => {
  const data = await folder();
  for (const text of [`${CODE}7`, `7${CODE}`, `12:00:00.${CODE}`, `ab${CODE}`, `${CODE}-11ee`]) {
    expect(await leaks(planted(), data, text)).toEqual([]);
  }
});

test('what a page keeps is found, wherever it keeps it', async ({ page, context }) => {
  await page.goto('/sign-in');
  expect(await leaksInPages(planted(), context)).toEqual([]);
  const keep: [string, (secret: string) => unknown, (secret: string) => unknown][] = [
    ['localStorage', (secret) => localStorage.setItem('x', `{"x":"${secret}"}`), () => localStorage.clear()],
    ['sessionStorage', (secret) => sessionStorage.setItem('x', secret), () => sessionStorage.clear()],
    ['history.state', (secret) => history.replaceState({ x: [secret] }, ''), () => history.replaceState(null, '')],
    [
      'IndexedDB',
      (secret) =>
        new Promise((resolve) => {
          const opening = indexedDB.open('x');
          opening.onupgradeneeded = () => opening.result.createObjectStore('x', { autoIncrement: true }).add({ secret });
          opening.onsuccess = () => resolve(opening.result.close());
        }),
      () => new Promise((resolve) => (indexedDB.deleteDatabase('x').onsuccess = resolve)),
    ],
  ];
  for (const [place, plant, remove] of keep) {
    await page.evaluate(plant, PASSWORD);
    expect(await leaksInPages(planted(), context)).toEqual([expect.stringContaining(place)]);
    await page.evaluate(remove, PASSWORD);
    expect(await leaksInPages(planted(), context)).toEqual([]);
  }
});

test('what is typed, shown and set in a whole story is known', async ({ page, secrets, context }) => {
  await signIn(page, ada);
  const { app, codes } = await enableTwoFactor(page, ada);
  await signOut(page);
  const code = await app.nextCode();
  await signInWithCode(page, ada, code);
  await expectSignedIn(page);
  await signOut(page);
  await enterPassword(page, ada);
  await button(page, 'Use a recovery code').click();
  await field(page, 'Recovery code').fill(codes[0]!);
  await button(page, 'Verify').click();
  await expectSignedIn(page);
  await secrets.settled();
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const secret of [ada.password, app.secret, code, ...codes, ...cookies.map(({ value }) => value)]) {
    expect(secrets.inText(`it was ${secret}.`), secret).not.toEqual([]);
  }
});
