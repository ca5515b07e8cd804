// Measures the release binary from outside, as browsers and operators meet it. Prints one table.
// Bounded: a few hundred requests to a server that this script starts on the loopback address.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BINARY = path.resolve(import.meta.dirname, '../target/release/twofold');
const PAGE = '/users/settings/security';
const STARTS = 9;
const SIGN_INS = 300;
const PEOPLE_WITH_2FA = 60;
const LIMITS = { download: 220, memory: 30, start: 150, signIn: 2 };
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const password = 'Jacquard loom 1843 punch cards';

const data = mkdtempSync(path.join(tmpdir(), 'twofold-bench-'));
const rows = [];
try {
  for (let index = 0; index < PEOPLE_WITH_2FA; index += 1) {
    createUser(`person${index}@example.org`);
  }
  await measureStarts();
  const server = await start();
  await sleep(3000);
  report('memory idle after start', statusOf(server.pid, 'VmRSS') / 1024, 'MiB', LIMITS.memory);
  await measureDownload(server.address);
  await server.stop();
  await measureSignIns();
} finally {
  rmSync(data, { recursive: true, force: true });
}
print();

/** What a browser downloads for the Security page, the first time. */
async function measureDownload(address) {
  const page = await get(address, PAGE, 'text/html');
  const html = await decoded(page);
  const seen = new Set();
  for (const [, link] of html.matchAll(/["'(](\/[^"'()\s]+\.(?:js|css|wasm|svg|json|webmanifest))["')]/g)) {
    seen.add(link);
  }
  let total = page.body.length;
  report('  HTML', page.body.length / 1000, 'kB');
  for (const link of seen) {
    const file = await get(address, link, '*/*');
    total += file.body.length;
    const kind = path.extname(link).slice(1);
    report(`  ${kind === 'wasm' ? 'WebAssembly' : kind.toUpperCase()} ${path.basename(link)}`, file.body.length / 1000, 'kB');
  }
  report(`download for ${PAGE}, brotli`, total / 1000, 'kB', LIMITS.download);
}

/** From the start of the process to the first answer that needed the database. */
async function measureStarts() {
  const times = [];
  for (let index = 0; index < STARTS; index += 1) {
    const began = performance.now();
    const server = await start();
    await post(server.address, 'session/state', {});
    times.push(performance.now() - began);
    await server.stop();
  }
  times.sort((a, b) => a - b);
  report('start to first answer, existing database', times[Math.floor(STARTS / 2)], 'ms', LIMITS.start);
}

/**
 * Processor time per sign-in beside the hash: the same sign-ins with the hash at its smallest, so that what is
 * left is everything else; its own few microseconds are counted in.
 */
async function measureSignIns() {
  const usual = await start();
  const whole = await cpuPer(usual, SIGN_INS, () => signIn(usual.address, 'person0@example.org'));
  await usual.stop();
  report('CPU per sign-in, password alone, hash included', whole, 'ms');

  resetData();
  const smallest = { TWOFOLD_PASSWORD_HASH_MEMORY_KIB: '8', TWOFOLD_PASSWORD_HASH_PASSES: '1' };
  for (let index = 0; index < PEOPLE_WITH_2FA; index += 1) {
    createUser(`person${index}@example.org`, smallest);
  }
  const server = await start(smallest);
  const alone = await cpuPer(server, SIGN_INS, () => signIn(server.address, 'person0@example.org'));
  report('CPU per sign-in beside the hash, password alone', alone, 'ms', LIMITS.signIn);

  const people = [];
  for (let index = 0; index < PEOPLE_WITH_2FA; index += 1) {
    people.push(await enable(server.address, `person${index}@example.org`));
  }
  // Codes are made before the clock of the processor is read, and each is the present one or the next.
  let next = 0;
  const step = Math.floor(Date.now() / 30_000);
  for (const person of people) {
    person.code = code(person.secret, step + 1);
  }
  const withCode = await cpuPer(server, PEOPLE_WITH_2FA, () => signInWithCode(server.address, people[next++]));
  report('CPU per sign-in beside the hash, password and code', withCode, 'ms', LIMITS.signIn);
  report('memory after these sign-ins', statusOf(server.pid, 'VmRSS') / 1024, 'MiB');
  await server.stop();
}

async function cpuPer(server, count, act) {
  await act();
  const before = cpuOf(server.pid);
  for (let index = 1; index < count; index += 1) {
    await act();
  }
  return ((cpuOf(server.pid) - before) * 1000) / (count - 1);
}

async function signIn(address, email) {
  const { answer } = await post(address, 'sign-in/password', { email, password });
  if (answer.step !== 'signed_in') {
    throw new Error(`signing in led to ${JSON.stringify(answer)}`);
  }
}

async function signInWithCode(address, person) {
  const first = await post(address, 'sign-in/password', { email: person.email, password });
  const second = await post(address, 'sign-in/code', { code: person.code }, first.cookie);
  if (second.answer.step !== 'signed_in') {
    throw new Error(`the code led to ${JSON.stringify(second.answer)}`);
  }
}

async function enable(address, email) {
  const { cookie } = await post(address, 'sign-in/password', { email, password });
  const begun = await post(
    address,
    'two-factor/begin',
    { purpose: 'enable', step_up: { password, code: null } },
    cookie,
  );
  const secret = begun.answer.key.replaceAll(' ', '');
  const step = Math.floor(Date.now() / 30_000);
  await post(
    address,
    'two-factor/confirm',
    { enrolment: begun.answer.id, code: code(secret, step) },
    cookie,
  );
  return { email, secret };
}

function code(secret, step) {
  return execFileSync('oathtool', ['--totp', '-b', secret, '-N', `@${step * 30}`], { encoding: 'utf8' }).trim();
}

function createUser(email, environment = {}) {
  const made = spawnSync(
    BINARY,
    ['user', 'create', '--data', data, '--name', 'Person', '--email', email, '--account', 'Bench', '--password-stdin'],
    { input: password, encoding: 'utf8', env: { ...process.env, ...environment } },
  );
  if (made.status !== 0) {
    throw new Error(`user create failed: ${made.stderr}`);
  }
}

function resetData() {
  rmSync(data, { recursive: true, force: true });
}

async function start(environment = {}) {
  const child = spawn(BINARY, ['serve', '--data', data, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  const address = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (found) {
        resolve(found[0]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (status) => reject(new Error(`twofold serve ended with ${status}: ${output}`)));
  });
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { pid: child.pid, address, stop };
}

async function get(address, link, accept) {
  const request = http.get(address + link, { headers: { accept, 'accept-encoding': 'br' } });
  const [response] = await once(request, 'response');
  const body = Buffer.concat(await response.toArray());
  if (response.statusCode !== 200) {
    throw new Error(`${link} answered ${response.statusCode}`);
  }
  return { body, encoding: response.headers['content-encoding'] };
}

async function decoded({ body, encoding }) {
  const { brotliDecompressSync } = await import('node:zlib');
  return (encoding === 'br' ? brotliDecompressSync(body) : body).toString();
}

async function post(address, name, argument, cookie = '') {
  const response = await fetch(`${address}/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', origin: address, cookie },
    body: JSON.stringify(argument),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${name} answered ${response.status} ${JSON.stringify(answer)}`);
  }
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]).filter((pair) => !pair.endsWith('='));
  return { answer, cookie: cookies.join('; ') || cookie };
}

/** Seconds of processor time that a process and its ended threads have used. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A line of /proc/PID/status, in KiB. */
function statusOf(pid, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

function report(what, value, unit, limit) {
  rows.push({ what, value, unit, limit });
}

function print() {
  const line = (what, value, limit, verdict) =>
    console.log(`| ${what.padEnd(62)} | ${value.padStart(10)} | ${limit.padStart(8)} | ${verdict.padEnd(4)} |`);
  line('what', 'measured', 'limit', '');
  console.log(`|${'-'.repeat(64)}|${'-'.repeat(12)}|${'-'.repeat(10)}|------|`);
  for (const { what, value, unit, limit } of rows) {
    const verdict = limit === undefined ? '' : value <= limit ? 'good' : 'over';
    line(what, `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`, limit === undefined ? '' : `${limit} ${unit}`, verdict);
  }
  if (rows.some(({ value, limit }) => limit !== undefined && value > limit)) {
    process.exitCode = 1;
  }
}
