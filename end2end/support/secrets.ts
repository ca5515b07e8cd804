// Collects every secret of a test and checks afterwards that none was left behind.
//
// Tests report nothing to this file: it records what the pages send and receive, so that a new form or answer with a secret
// is watched like the others.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { BrowserContext, Page, Request, Response } from '@playwright/test';

/** Fields of requests and answers that hold a secret, whatever is around them. */
const FIELDS = new Set(['mailbox_code', 'password', 'new_password', 'code', 'codes', 'key', 'token', 'phone_number', 'number', 'uri']);
/** Shorter ones stand anywhere by chance. */
const SHORTEST = 8;
const SIX_DIGITS = /^\d{6}$/;
/** A code from the mailbox; its mail is there for it. */
const MAILBOX_CODE = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/;
/** Links are mailed, and the set-up link is printed: that is what they are for. */
const LINK = /https?:\/\/\S+/g;
/** The token of an invitation or of a new address outlives the way to the sign-in page, in the tab alone. */
const KEPT_ON_PURPOSE = new Set(['invitation', 'new-address']);

/** Reads rows by a SQLite that is not ours, each value in a line of its own; codes are too short to look for in bytes. */
const ROWS = `
import sqlite3, sys
db = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
    for row in db.execute('SELECT * FROM "' + table + '"'):
        print('\\n'.join(str(value) for value in row if isinstance(value, (str, int))))
`;

export class Secrets {
  private readonly known = new Set<string>();
  private readonly reading = new Set<Promise<void>>();

  /** Something that the test itself made up. */
  add(secret: string): void {
    const text = secret.trim();
    if (text.length >= SHORTEST || SIX_DIGITS.test(text)) {
      this.known.add(text);
    }
  }

  /** How many there are; none would mean that nothing is looked for. */
  get size(): number {
    return this.known.size;
  }

  /** Reads along from now on. */
  follow(context: BrowserContext, origin: string): void {
    const isOurs = (url: string) => url.startsWith(`${origin}/api/`);
    context.on('request', (request) => isOurs(request.url()) && this.takeFrom(request));
    context.on('response', (response) => {
      if (isOurs(response.url())) {
        // A page that is left takes its answer along.
        const done = this.takeFromAnswer(response).catch(() => undefined);
        this.reading.add(done);
        void done.finally(() => this.reading.delete(done));
      }
    });
  }

  /** Waits for what is still being read. */
  async settled(): Promise<void> {
    await Promise.all(this.reading);
  }

  /** Which of them stand in a text. */
  inText(text: string): string[] {
    return [...this.known].filter((secret) => {
      if (SIX_DIGITS.test(secret)) {
        return new RegExp(`(?<![\\w.:-])${secret}(?![\\w:-])`).test(text);
      }
      return forms(secret).some((form) => text.includes(form));
    });
  }

  /** Which of them stand in the bytes of a file. Six digits do so by chance. */
  inBytes(bytes: Buffer): string[] {
    return [...this.known].filter(
      (secret) =>
        !SIX_DIGITS.test(secret) &&
        (forms(secret).some((form) => bytes.includes(form)) || raw(secret).some((form) => bytes.includes(form))),
    );
  }

  private takeFrom(request: Request): void {
    try {
      this.collect(JSON.parse(request.postData() ?? 'null'));
    } catch {
      // A test that sends no JSON sends no secret either.
    }
  }

  private async takeFromAnswer(response: Response): Promise<void> {
    for (const { name, value } of await response.headersArray()) {
      if (name.toLowerCase() === 'set-cookie') {
        this.add(/^[^=]+=([^;]*)/.exec(value)?.[1] ?? '');
      }
    }
    if ((response.headers()['content-type'] ?? '').includes('json') && response.ok()) {
      this.collect(await response.json());
    }
  }

  private collect(value: unknown, isSecret = false): void {
    if (typeof value === 'string') {
      if (isSecret) {
        this.add(value);
      }
    } else if (value !== null && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) {
        this.collect(inner, Array.isArray(value) ? isSecret : FIELDS.has(name));
      }
    }
  }
}

/** How a secret may be written: as shown, and without what is between its groups. */
function forms(secret: string): string[] {
  const joined = secret.replaceAll(/[\s-]/g, '');
  return [...new Set([secret, joined, joined.toLowerCase(), joined.toUpperCase()])];
}

/** The bytes that a key in Base32 or a token in Base64 stands for, and their other spellings. */
function raw(secret: string): (Buffer | string)[] {
  const found: Buffer[] = [];
  const joined = secret.replaceAll(/\s/g, '');
  if (/^[A-Z2-7]{32}$/.test(joined)) {
    found.push(base32(joined));
  }
  if (/^[\w-]{43}$/.test(joined)) {
    found.push(Buffer.from(joined, 'base64url'));
  }
  return found.flatMap((bytes) => [bytes, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64')]);
}

function base32(text: string): Buffer {
  let bits = '';
  for (const letter of text) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
}

/** Where secrets stand in what a server has printed and in its data folder. Its keys lie in a file that is for them. */
export async function leaks(secrets: Secrets, data: string, printed: string): Promise<string[]> {
  const found = secrets.inText(printed.replaceAll(LINK, '')).map((secret) => `in the log: ${secret}`);
  for (const name of await readdir(data)) {
    const file = path.join(data, name);
    if (name.startsWith('twofold.db')) {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0));
      found.push(...secrets.inBytes(bytes).map((secret) => `in ${name}: ${secret}`));
    }
  }
  const database = path.join(data, 'twofold.db');
  if (existsSync(database)) {
    const rows = execFileSync('/usr/bin/python3', ['-c', ROWS, database], { encoding: 'utf8', maxBuffer: 1 << 28 });
    found.push(...secrets.inText(rows).map((secret) => `in a row of the database: ${secret}`));
  }
  for (const [name, text] of await messages(data)) {
    // A message is there for its code.
    const itsCode = name.endsWith('.txt') ? SIX_DIGITS : MAILBOX_CODE;
    const told = secrets.inText(text).filter((secret) => !itsCode.test(secret));
    found.push(...told.map((secret) => `in ${name}: ${secret}`));
  }
  return found;
}

async function messages(data: string): Promise<[string, string][]> {
  const outbox = path.join(data, 'outbox');
  const names = await readdir(outbox).catch(() => []);
  const texts = names.map(async (name): Promise<[string, string]> => {
    const text = await readFile(path.join(outbox, name), 'utf8');
    return [name, text.replace(/=\r?\n/g, '').replace(/=3D/g, '=').replaceAll(LINK, '').replace(/^To: \+\d+$/m, '')];
  });
  return Promise.all(texts);
}

/** The same of a page that is about to be another one. */
async function heldInTheEnd(page: Page, tries = 5): Promise<Record<string, string>> {
  try {
    return await held(page);
  } catch (problem) {
    if (tries === 0 || page.isClosed() || !String(problem).includes('navigation')) {
      throw problem;
    }
    await page.waitForLoadState();
    return heldInTheEnd(page, tries - 1);
  }
}

/** What a page holds that outlives it, or that another page of the site can read. */
async function held(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const found: Record<string, string> = { 'history.state': JSON.stringify(history.state ?? null), address: location.href };
    for (const [kind, storage] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]] as const) {
      for (const [key, value] of Object.entries(storage)) {
        found[`${kind} ${key}`] = String(value);
      }
    }
    for (const { name } of await indexedDB.databases()) {
      found[`IndexedDB ${name}`] = await new Promise((resolve) => {
        const opening = indexedDB.open(name!);
        opening.onsuccess = () => {
          const stores = Array.from(opening.result.objectStoreNames);
          const all = stores.map(
            (store) =>
              new Promise((done) => {
                const asking = opening.result.transaction(store).objectStore(store).getAll();
                asking.onsuccess = () => done(asking.result);
              }),
          );
          void Promise.all(all).then((values) => {
            opening.result.close();
            resolve(JSON.stringify(values));
          });
        };
      });
    }
    return found;
  });
}

/** Where secrets stand in the pages of a browser. */
export async function leaksInPages(secrets: Secrets, context: BrowserContext): Promise<string[]> {
  const found: string[] = [];
  for (const page of context.pages()) {
    if (!/^http/.test(page.url())) {
      continue;
    }
    for (const [place, text] of Object.entries(await heldInTheEnd(page))) {
      if (!KEPT_ON_PURPOSE.has(place.split(' ').at(-1)!)) {
        found.push(...secrets.inText(text).map((secret) => `in ${place}: ${secret}`));
      }
    }
  }
  return found;
}
