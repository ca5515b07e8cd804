// Measures the release binary from outside, as browsers and operators meet it, beside floors measured in the same run.
// Prints the machine and one table. Bounded: servers of its own on the loopback address, for a few minutes.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

import * as load from './measure/load.mjs';
import { machine, memoryOf, othersCores } from './measure/process.mjs';
import { BINARY, get, post, seed, start } from './measure/server.mjs';
import { reportStrangers } from './measure/strangers-report.mjs';
import { median, print, report } from './measure/table.mjs';

const isQuick = Boolean(process.env.BENCH_QUICK);
const ROUNDS = isQuick ? 1 : 3;
/** Of each load; floors are steadier and take half of it. */
const SECONDS = isQuick ? 1 : 5;
const STARTS = isQuick ? 1 : 9;
const CORES = availableParallelism();
/** Nobody signs in twice: some sixty sign-ins per second and core, half of the users with a code, and as much again. */
const USERS = 20_000 * CORES;
const MANY = 64;
const IN_FLIGHT = 16;
/** A page of each program, and the kB that it is to stay under. */
const PAGES = [['/sign-in', 165], ['/users/settings/security', 280]];
/**
 * Each sign-in comes from an address of its own, as through a proxy, so that the limits are those of the default. One user
 * changes their name without end, and nobody may do that.
 */
const BEHIND_A_PROXY = { TWOFOLD_TRUSTED_PROXIES: '127.0.0.1', TWOFOLD_LIMITS_ACTS_PER_USER: '1000000' };
/** Others' work, in cores, from which on a figure says more about them than about the server. */
const MOST_OTHERS = 0.1;
const READ = 'session/state';
/** What figures are held against: the server, and its name in the table. */
const HELLO = ['hello', 'hello world'];
const CEILING = ['ceiling', 'ceiling'];

const folder = mkdtempSync(path.join(tmpdir(), 'twofold-bench-'));
const data = path.join(folder, 'data');
const servers = [];
/** Cores that others kept at work, before and after. */
const others = [];
try {
  const seeded = seed(data, { users: USERS, accounts: USERS / 1000 });
  await measureStarts();
  await measureIdle();
  await measureRounds(seeded);
  await measureMany(seeded, await measureOneByOne(seeded));
  await reportStrangers(folder, { seconds: 2 * SECONDS });
  others.push(await othersCores(1));
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${machine()}; others at work: ${others.map((cores) => cores.toFixed(2)).join(' and ')} cores\n`);
const isQuiet = Math.max(...others) <= MOST_OTHERS;
if (!isQuiet) {
  console.log('The machine was busy with other things: these figures are not worth keeping.\n');
}
print({ hasVerdicts: isQuiet });

/** From the start of the process to the first answer that needed the database. */
async function measureStarts() {
  const times = [];
  for (let index = 0; index < STARTS; index += 1) {
    const began = performance.now();
    const server = await start(data);
    await post(server.address, READ, {});
    times.push(performance.now() - began);
    await server.stop();
  }
  report('start to first answer, existing database', median(times), 'ms', { most: 100 });
}

async function measureIdle() {
  const server = await start(data);
  others.push(await othersCores(3));
  report('memory idle after start', memoryOf(server.pid, 'VmRSS'), 'MiB', { most: 25 });
  report('size of the program, stripped, pages included', statSync(BINARY).size / 1_000_000, 'MB', { most: 25 });
  for (const [page, most] of PAGES) {
    await measureDownload(server.address, page, most);
  }
  await server.stop();
}

/** What a browser downloads for a page, the first time. */
async function measureDownload(address, where, most) {
  const page = await get(address, where, 'text/html');
  const html = (page.encoding === 'br' ? brotliDecompressSync(page.body) : page.body).toString();
  const links = new Set(Array.from(html.matchAll(/[="'(](\/[^"'()\s<>]+\.(?:js|css|wasm|svg))/g), ([, link]) => link));
  const sizes = { html: page.body.length };
  for (const link of links) {
    const kind = path.extname(link).slice(1);
    sizes[kind] = (sizes[kind] ?? 0) + (await get(address, link, '*/*')).body.length;
  }
  const total = Object.values(sizes).reduce((sum, size) => sum + size);
  report(`download for ${where}, brotli`, total / 1000, 'kB', { most });
  for (const [kind, size] of Object.entries(sizes)) {
    report(`– of it ${kind === 'wasm' ? 'WebAssembly' : kind.toUpperCase()}`, size / 1000, 'kB');
  }
}

/** Everything that is held against a floor: in rounds, so that what else the machine does meets all alike. */
async function measureRounds(seeded) {
  const ours = await begin(start(data, BEHIND_A_PROXY));
  const ceiling = await begin(load.startCeiling(folder, USERS));
  const hello = await begin(load.startHello());
  const person = { email: 'user0@seed.example', password: seeded.password };
  for (const server of [ours, ceiling]) {
    server.cookie = (await post(server.address, 'sign-in/password', person)).cookie;
    server.next = 1;
  }
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    console.log(`round ${round + 1} of ${ROUNDS}`);
    rounds.push(await measureRound(seeded, { ours, ceiling, hello }));
  }
  const most = memoryOf(ours.pid, 'VmHWM');
  await end(ours, ceiling, hello);
  const middle = (of) => median(rounds.map(of));
  reportReads(middle);
  const failures = rounds.map(({ ours }) => ours.signIns.failures + ours.failuresBeside);
  reportSignIns(middle, failures.reduce((sum, count) => sum + count));
  report('most memory with all of these loads, one after the other', most, 'MiB');
}

async function measureRound(seeded, servers) {
  const round = { ours: {}, ceiling: {}, hello: {} };
  const read = (name, connections) => load.call(servers[name], READ, { connections, seconds: SECONDS });
  for (const name of ['hello', 'ceiling', 'ours']) {
    round[name].read = await read(name, MANY);
  }
  for (const name of ['hello', 'ceiling', 'ours']) {
    round[name].readAlone = await read(name, 1);
  }
  round.commits = await load.commitsPerSecond(mkdtempSync(path.join(folder, 'commits-')), SECONDS / 2);
  const rename = { connections: MANY, seconds: SECONDS, body: '{"name":"Ada #"}' };
  round.write = await load.call(servers.ours, 'profile/rename', rename);
  round.hashing = await load.hashing(CORES, SECONDS / 2);
  round.hashingAlone = await load.hashing(1, SECONDS / 2);
  const signIns = async (name, meanwhile) => {
    const server = servers[name];
    const found = await load.signIns(server, seeded, { atOnce: IN_FLIGHT, first: server.next, meanwhile });
    server.next = found.next;
    return found;
  };
  for (const name of ['ceiling', 'ours']) {
    round[name].signIns = await signIns(name, load.passing(SECONDS));
    const beside = await signIns(name, () => read(name, MANY));
    round[name].readBeside = beside.measured;
    round[name].failuresBeside = beside.failures;
  }
  return round;
}

function reportReads(middle) {
  const rates = comparison(middle, 'rate', 'per s');
  const latest = comparison(middle, 'p99', 'ms');
  rates(`read of the own session, ${MANY} connections`, 'read', HELLO, { leastRatio: 0.5 });
  rates('– the same', 'read', CEILING);
  latest('– 99 of 100 within', 'read', HELLO, { most: 5 });
  comparison(middle, 'cpu', 'µs')('– CPU of the server for each', 'read', CEILING);
  rates('read of the own session, 1 connection', 'readAlone', HELLO, { leastRatio: 0.8 });
  rates('– the same', 'readAlone', CEILING);
  rates(`read of the own session, ${IN_FLIGHT} sign-ins in flight`, 'readBeside', CEILING, { leastRatio: 0.4 });
  latest('– 99 of 100 within', 'readBeside', CEILING, { most: 10 });
  const commits = middle((round) => round.commits);
  const writes = middle((round) => round.write.rate);
  report(`change of the own name, ${MANY} connections`, writes, 'per s', { against: 'durable commits', floor: commits });
}

function reportSignIns(middle, failures) {
  const rates = comparison(middle, 'rate', 'per s');
  const latest = comparison(middle, 'p99', 'ms');
  const hashes = { against: 'argon2 on all cores', floor: middle((round) => round.hashing.rate) };
  const hash = { against: 'argon2 on one core', floor: middle((round) => round.hashingAlone.cpu) };
  const ours = (key) => middle((round) => round.ours.signIns[key]);
  const what = `sign-in, password and code, ${IN_FLIGHT} at once`;
  report(what, ours('rate'), 'per s', { ...hashes, leastRatio: 0.85 });
  rates('– the same', 'signIns', CEILING);
  latest('– 99 of 100 within', 'signIns', CEILING);
  report('– failures', failures, '', { most: 0 });
  report('– CPU of the hash', ours('hashing'), 'ms', hash);
  report('– CPU beside the hash', ours('beside'), 'ms', { most: 2 });
}

/** Reports what one key of the loads gives, held against the same load of another server. */
function comparison(middle, key, unit) {
  return (what, load, [name, against], limits) => {
    const of = (server) => middle((round) => round[server][load][key]);
    report(what, of('ours'), unit, { against, floor: of(name), ...limits });
  };
}

/** What sign-ins cost when nothing else goes on; answers with the next number. */
async function measureOneByOne(seeded) {
  const server = await begin(start(data, BEHIND_A_PROXY));
  // The rounds took numbers from the start.
  const half = USERS / 2;
  const one = { atOnce: 1, meanwhile: load.passing(SECONDS) };
  const alone = await load.signIns(server, seeded, { ...one, first: half });
  report('CPU beside the hash, password alone, one by one', alone.beside, 'ms', { most: 2 });
  // The same people, in browsers that are not known to them: each gets a letter about it.
  const again = await load.signIns(server, seeded, { ...one, first: half });
  report('CPU beside the hash, password alone, who returns in another browser', again.beside, 'ms', { most: 3 });
  const withCode = await load.signIns(server, seeded, { ...one, first: half + 1 });
  report('CPU beside the hash, password and code, one by one', withCode.beside, 'ms', { most: 2 });
  await end(server);
  return withCode.next;
}

async function measureMany(seeded, first) {
  const server = await begin(start(data, BEHIND_A_PROXY));
  const { failures } = await load.signIns(server, seeded, { atOnce: MANY, first, meanwhile: load.passing(SECONDS) });
  report(`failures with ${MANY} sign-ins at once`, failures, '', { most: 0 });
  report(`most memory with ${MANY} sign-ins at once, after the start`, memoryOf(server.pid, 'VmHWM'), 'MiB', { most: 64 });
  await end(server);
}

async function begin(starting) {
  const server = await starting;
  servers.push(server);
  return server;
}

async function end(...ended) {
  for (const server of ended) {
    servers.splice(servers.indexOf(server), 1);
    await server.stop();
  }
}
