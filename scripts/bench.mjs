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
const PAGES = ['/users/settings/security', '/accounts/any'];
const STARTS = 9;
const SIGN_INS = 300;
const PEOPLE = 80;
const STEP_SECONDS = 30;
/** Passes of the hash for the two groups of people; see measureSignIns. */
const PASSES = { few: 1, many: 4 };
const LIMITS = { download: 220, memory: 30, start: 150, signIn: 2 };
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const password = 'Jacquard loom 1843 punch cards';

const data = mkdtempSync(path.join(tmpdir(), 'twofold-bench-'));
const rows = [];
try {
  createUser('ada@example.org');
  await measureStarts();
  const server = await start();
  await sleep(3000);
  report('memory idle after start', statusOf(server.pid, 'VmRSS') / 1024, 'MiB', LIMITS.memory);
  for (const page of PAGES) {
    await measureDownload(server.address, page);
  }
  await server.stop();
  await measureSignIns();
} finally {
  rmSync(data, { recursive: true, force: true });
}
print();

/** What a browser downloads for a page, the first time. */
async function measureDownload(address, where) {
  const page = await get(address, where, 'text/html');
  const html = await decoded(page);
  const seen = new Set();
  for (const [, link] of html.matchAll(/[="'(](\/[^"'()\s<>]+\.(?:js|css|wasm|svg))/g)) {
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
  report(`download for ${where}, brotli`, total / 1000, 'kB', LIMITS.download);
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
 * Processor time per sign-in beside the hash. A hash of so many passes costs so many times one pass: from people
 * whose passwords are hashed in one pass and in four follows what is left at none.
 */
async function measureSignIns() {
  const usual = await start();
  const whole = await cpuPer(usual, SIGN_INS, () => signIn(usual.address, 'ada@example.org'));
  report('CPU per sign-in, password alone, hash included', whole, 'ms');
  await usual.stop();

  // The least memory that is taken, to be quick about it.
  const hash = (passes) => ({
    TWOFOLD_PASSWORD_HASH_MEMORY_KIB: '8192',
    TWOFOLD_PASSWORD_HASH_PASSES: String(passes),
  });
  const people = { few: [], many: [] };
  for (const group of Object.keys(people)) {
    for (let index = 0; index < PEOPLE; index += 1) {
      const email = `${group}${index}@example.org`;
      createUser(email, hash(PASSES[group]));
      people[group].push({ email });
    }
  }
  const server = await start(hash(PASSES.few));
  const atNone = ({ few, many }) => (PASSES.many * few - PASSES.few * many) / (PASSES.many - PASSES.few);
  const alone = {};
  for (const group of Object.keys(people)) {
    alone[group] = await cpuPer(server, SIGN_INS, () => signIn(server.address, people[group][0].email));
  }
  report('CPU per sign-in beside the hash, password alone', atNone(alone), 'ms', LIMITS.signIn);

  await beginningOfAStep();
  const everyone = [...people.few, ...people.many];
  for (const person of everyone) {
    await enable(server.address, person);
  }
  const withCode = {};
  for (const group of Object.keys(people)) {
    let next = 0;
    withCode[group] = await cpuPer(server, PEOPLE, () => signInWithCode(server.address, people[group][next++]));
  }
  report('CPU per sign-in beside the hash, password and code', atNone(withCode), 'ms', LIMITS.signIn);
  report('memory after these sign-ins', statusOf(server.pid, 'VmRSS') / 1024, 'MiB');
  await server.stop();
}

/** Enabling spends the step before the present one; the present one must last until all have signed in. */
async function beginningOfAStep() {
  const left = STEP_SECONDS - ((Date.now() / 1000) % STEP_SECONDS);
  if (left < STEP_SECONDS - 3) {
    await sleep(left * 1000 + 500);
  }
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
  const second = await post(address, 'sign-in/code', { code: person.code, trust_browser: false }, first.cookie);
  if (second.answer.step !== 'signed_in') {
    throw new Error(`the code led to ${JSON.stringify(second.answer)}`);
  }
}

/** Turns two-factor authentication on, and has the code for signing in ready before anything is measured. */
async function enable(address, person) {
  const { cookie } = await post(address, 'sign-in/password', { email: person.email, password });
  const proof = { purpose: 'enable', step_up: { password, code: null } };
  const { answer } = await post(address, 'two-factor/begin', proof, cookie);
  const secret = answer.key.replaceAll(' ', '');
  const step = Math.floor(Date.now() / 1000 / STEP_SECONDS);
  const [before, next] = [code(secret, step - 1), code(secret, step + 1)];
  await post(address, 'two-factor/confirm', { enrolment: answer.id, code: before }, cookie);
  person.code = next;
}

function code(secret, step) {
  return execFileSync('oathtool', ['--totp', '-b', secret, '-N', `@${step * STEP_SECONDS}`], { encoding: 'utf8' }).trim();
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
}
