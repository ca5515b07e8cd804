// The product under test: the release binary on a data folder of its own.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from '@playwright/test';

const BINARY =
  process.env.END2END_BINARY ?? path.resolve(import.meta.dirname, '../../target/release/twofold');

export interface Person {
  name: string;
  email: string;
  account: string;
  password: string;
}

export const ada: Person = {
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  account: 'Analytical Engines',
  password: 'Jacquard loom 1843 punch cards',
};

export const grace: Person = {
  name: 'Grace Hopper',
  email: 'grace@example.org',
  account: 'Compilers',
  password: 'nanosecond wire 11.8 inches',
};

/** A folder for the server's database, keys and mails. */
export async function newDataFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'twofold-'));
}

/** What a command prints, beside a server that runs. */
export function command(data: string, ...given: string[]): string {
  const done = spawnSync(BINARY, [...given, '--data', data], { encoding: 'utf8' });
  if (done.status !== 0) {
    throw new Error(`${given.join(' ')} failed: ${done.error ?? done.stderr}`);
  }
  return done.stdout;
}

/** Makes a user from the command line, as an operator would. */
export function createUser(data: string, person: Person): void {
  const made = spawnSync(
    BINARY,
    [
      ...['user', 'create', '--data', data, '--name', person.name, '--email', person.email],
      ...['--account', person.account, '--password-stdin'],
    ],
    { input: person.password, encoding: 'utf8' },
  );
  if (made.status !== 0) {
    throw new Error(`user create failed: ${made.error ?? made.stderr}`);
  }
}

const EVERY_BROWSER_HAS_PROVEN_THE_MAILBOX = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('''CREATE TRIGGER IF NOT EXISTS mailbox_proven_in_tests AFTER INSERT ON known_browsers BEGIN
  UPDATE known_browsers SET mailbox_proven_at = NEW.first_seen_at
    WHERE user_id = NEW.user_id AND token_hash = NEW.token_hash;
END''')
db.commit()
`;

/** Lets people whom the operator has made set up a factor as if a mailed link had brought them: specs of other things. */
export function proveMailboxes(data: string): void {
  const database = path.join(data, 'twofold.db');
  const done = spawnSync('/usr/bin/python3', ['-c', EVERY_BROWSER_HAS_PROVEN_THE_MAILBOX, database], { encoding: 'utf8' });
  if (done.status !== 0) {
    throw new Error(`mailboxes could not be proven: ${done.error ?? done.stderr}`);
  }
}

const AGE = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.execute('UPDATE sessions SET last_active_at = last_active_at - ?, created_at = created_at - ?', sys.argv[2:4])
db.commit()
`;

/** Makes every session as old as if so many seconds had passed since it was used last, and since it began. */
export function ageSessions(data: string, { unused, begun = 0 }: { unused: number; begun?: number }): void {
  const database = path.join(data, 'twofold.db');
  const given = ['-c', AGE, database, String(unused), String(begun)];
  const done = spawnSync('/usr/bin/python3', given, { encoding: 'utf8' });
  if (done.status !== 0) {
    throw new Error(`sessions could not be aged: ${done.error ?? done.stderr}`);
  }
}

const MEMBERS = `
import sqlite3, sys, unicodedata, uuid
db = sqlite3.connect(sys.argv[1], timeout=10)
(account,), = db.execute('SELECT id FROM accounts WHERE name = ?', [sys.argv[2]])
moment, = db.execute('SELECT created_at FROM users LIMIT 1').fetchone()
for name in sys.argv[3:]:
    user = uuid.uuid4().bytes
    plain = ''.join(c for c in unicodedata.normalize('NFKD', name) if not unicodedata.combining(c)).lower()
    email = plain.replace(' ', '.') + '@example.org'
    db.execute('''INSERT INTO users
      (id, email, name, folded_name, password_hash, created_at, password_changed_at, email_verified_at, factor_failures)
      VALUES (?, ?, ?, ?, '', ?, ?, ?, 0)''', [user, email, name, plain, moment, moment, moment])
    db.execute('INSERT INTO memberships (account_id, user_id, roles, joined_at) VALUES (?, ?, 4, ?)', [account, user, moment])
db.commit()
`;

/** Puts developers into an account who have neither a second factor nor a password with which they could sign in. */
export function addMembers(data: string, account: string, names: string[]): void {
  const given = ['-c', MEMBERS, path.join(data, 'twofold.db'), account, ...names];
  const done = spawnSync('/usr/bin/python3', given, { encoding: 'utf8' });
  if (done.status !== 0) {
    throw new Error(`members could not be added: ${done.error ?? done.stderr}`);
  }
}

export class Twofold {
  private readonly readMessages = new Set<string>();

  private constructor(
    readonly data: string,
    private readonly child: ChildProcess,
    private readonly output: string[],
    /** Where it listens, without a slash at the end. */
    readonly address: string,
  ) {}

  /** Starts the server on a free port and waits until it says where. */
  static async start(data: string, settings: Record<string, string> = {}): Promise<Twofold> {
    const child = spawn(BINARY, ['serve', '--data', data, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Even debug logs contain no secret.
      env: { ...process.env, TWOFOLD_LOG_LEVEL: 'debug', ...settings },
    });
    const output: string[] = [];
    const address = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output.push(chunk.toString());
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output.join(''));
        if (found) {
          resolve(found[0]);
        }
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('error', reject);
      child.on('exit', (code) =>
        reject(new Error(`twofold serve ended with ${code}: ${output.join('')}`)),
      );
    });
    return new Twofold(data, child, output, address);
  }

  /** The link that creates the first user; printed once, right after the start. */
  async setupLink(): Promise<string> {
    const printed = /http:\/\/\S+\/setup#\S+/;
    while (!printed.test(this.output.join(''))) {
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child.stderr!, 'data')]);
    }
    return printed.exec(this.output.join(''))![0];
  }

  /** Everything the server has printed so far. */
  printed(): string {
    return this.output.join('');
  }

  /** The first mail that is as wanted; waits for it, since mail leaves after the answer. */
  async mail(wanted: (text: string) => boolean): Promise<string> {
    let found: string | undefined;
    const look = async () => (found = (await this.mails()).find(wanted));
    await expect.poll(look, { message: 'a mail in the outbox' }).toBeDefined();
    return found!;
  }

  /** The link of the first mail to an address that leads to a page. */
  async link(page: string, email: string): Promise<string> {
    const link = new RegExp(`http://\\S+${page}#[\\w-]+`);
    const mail = await this.mail((text) => text.includes(`To: ${email}`) && link.test(text));
    return link.exec(mail)![0];
  }

  /** The code of the next message that the outbox has not given yet, and whom it goes to. */
  async textMessage(): Promise<{ to: string; code: string }> {
    const outbox = path.join(this.data, 'outbox');
    let name: string | undefined;
    const look = async () => {
      const names = await readdir(outbox).catch(() => []);
      return (name = names.find((it) => it.endsWith('.txt') && !this.readMessages.has(it)));
    };
    await expect.poll(look, { message: 'a text message in the outbox' }).toBeDefined();
    this.readMessages.add(name!);
    const [, to, code] = /^To: (\+\d+)\n\n(\d{6}) /.exec(await readFile(path.join(outbox, name!), 'utf8'))!;
    return { to: to!, code: code! };
  }

  /** How many text messages have been sent. */
  async textMessages(): Promise<number> {
    const names = await readdir(path.join(this.data, 'outbox')).catch(() => []);
    return names.filter((name) => name.endsWith('.txt')).length;
  }

  /** The mails so far, oldest first, with the encoding of long and foreign lines undone. */
  private async mails(): Promise<string[]> {
    const outbox = path.join(this.data, 'outbox');
    const names = await readdir(outbox).catch(() => []);
    const mails = names.filter((name) => name.endsWith('.eml')).sort();
    const texts = await Promise.all(mails.map((name) => readFile(path.join(outbox, name), 'utf8')));
    return texts.map((text) => text.replace(/=\r?\n/g, '').replace(/=3D/g, '='));
  }

  /** Stops it as an operator would, and waits until it has ended. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
  }

  /** Stops it and forgets its data. */
  async discard(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}
