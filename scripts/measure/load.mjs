// Load and floors: what bench/load and wrk do to a server, and what they find out about the machine.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { cpuOf } from './process.mjs';
import { startProgram } from './server.mjs';

const run = promisify(execFile);
const LOAD = path.resolve(import.meta.dirname, '../../target/release/twofold-bench');
const SCRIPT = path.join(import.meta.dirname, 'wrk.lua');
/** Client and server share the cores. */
const CLIENT_THREADS = Math.ceil(availableParallelism() / 4);

/** Argon2 alone on so many threads: hashes per second together, and ms of processor time of each hash. */
export async function hashing(threads, seconds) {
  const { stdout } = await run(LOAD, ['argon2', String(threads), String(seconds)]);
  const [rate, cpu] = stdout.split(' ').map(Number);
  return { rate, cpu: cpu * 1000 };
}

/** Durable commits per second to a new database in a folder. */
export async function commitsPerSecond(folder, seconds) {
  const { stdout } = await run(LOAD, ['commits', folder, String(seconds)]);
  return Number(stdout);
}

export const startHello = () => startProgram(LOAD, ['hello']);
export const startCeiling = (folder, users) => startProgram(LOAD, ['ceiling', folder, String(users)]);

/**
 * The same call over kept connections: requests per second, 99 of 100 answers within so many ms, and µs of the server's
 * processor time for each.
 */
export async function call({ address, pid, cookie = '' }, name, { connections, seconds, body = '{}' }) {
  const before = cpuOf(pid);
  const threads = Math.min(connections, CLIENT_THREADS);
  const { stdout } = await run(
    'wrk',
    [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '-s', SCRIPT, `${address}/api/${name}`],
    { env: { ...process.env, ORIGIN: address, COOKIE: cookie, BODY: body } },
  );
  const found = JSON.parse(stdout.trim().split('\n').at(-1));
  if (found.refused + found.lost > 0) {
    console.error(`${name}: ${found.refused} refused and ${found.lost} lost of ${found.requests} requests; they do not count`);
  }
  const cpu = ((cpuOf(pid).beside - before.beside) * 1e6) / found.requests;
  return { cpu, rate: ((found.requests - found.refused) / found.microseconds) * 1e6, p99: found.p99 / 1000 };
}

/**
 * So many sign-ins always in flight while `meanwhile` lasts, of seeded users from number `first` on in steps of two:
 * odd ones give a code, even ones have none. `next` is the number from which on nobody has come.
 */
export async function signIns(server, seeded, { atOnce, first, meanwhile }) {
  const client = spawn(
    LOAD,
    ['sign-ins', server.address, atOnce, first, seeded.users, seeded.password, seeded.key].map(String),
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  const said = async () => {
    const { value, done } = await lines.next();
    if (done) {
      throw new Error('the client for sign-ins ended');
    }
    return value;
  };
  await said();
  const before = cpuOf(server.pid);
  const measured = await meanwhile();
  const after = cpuOf(server.pid);
  client.stdin.end();
  const result = JSON.parse(await said());
  await once(client, 'close');
  if (result.failures > 0) {
    console.error(`${result.failures} sign-ins failed, the first by: ${result.first_failure}`);
  }
  const perSignIn = (seconds) => (seconds * 1000) / result.done;
  return {
    measured,
    rate: result.done / result.seconds,
    p99: result.p99_seconds * 1000,
    failures: result.failures,
    next: result.next,
    hashing: perSignIn(after.hashing - before.hashing),
    beside: perSignIn(after.beside - before.beside),
  };
}

/** For `meanwhile`: nothing but the time that a measurement takes. */
export const passing = (seconds) => () => sleep(seconds * 1000);
