// Two servers on one PostgreSQL against one: sign-ins per second, each server on a core of its own. PostgreSQL and the client
// have what the servers leave. The PostgreSQL of scripts/with-postgres flushes nothing.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { passing, signIns } from './load.mjs';
import { BINARY, seed, startProgram } from './server.mjs';

const ROUNDS = 3;
const SECONDS = 6;
const AT_ONCE = 16;
const USERS = 20_000;

const data = mkdtempSync(path.join(tmpdir(), 'twofold-replicas-'));
const database = { TWOFOLD_DATABASE_URL: `${process.env.TEST_POSTGRES_URL}/postgres`, TWOFOLD_TRUSTED_PROXIES: '127.0.0.1' };
const startOn = (core) => {
  const serve = [BINARY, 'serve', '--data', data, '--listen', '127.0.0.1:0'];
  return startProgram('taskset', ['--cpu-list', String(core), ...serve], database);
};
try {
  const seeded = seed(data, { users: USERS, accounts: 1 }, database);
  const servers = [await startOn(0), await startOn(1)];
  let first = 1;
  const measure = async (those) => {
    const part = Math.floor((USERS - first) / those.length / 2) * 2;
    const each = those.map((server, n) => {
      const from = first + n * part;
      const some = { ...seeded, users: from + part };
      return signIns(server, some, { atOnce: AT_ONCE / those.length, first: from, meanwhile: passing(SECONDS) });
    });
    return Promise.all(each);
  };
  const sum = (results) => results.reduce((total, { rate }) => total + rate, 0);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await measure(servers.slice(0, 1));
    first = one[0].next;
    const two = await measure(servers);
    first = two.at(-1).next;
    const failures = [...one, ...two].reduce((total, result) => total + result.failures, 0);
    rounds.push({ one: sum(one), two: sum(two), failures });
  }
  for (const server of servers) {
    await server.stop();
  }
  rounds.sort((a, b) => a.two / a.one - b.two / b.one);
  const { one, two } = rounds[Math.floor(ROUNDS / 2)];
  const failures = rounds.reduce((total, round) => total + round.failures, 0);
  console.log('| servers | sign-ins per s | against one |');
  console.log('| --- | --- | --- |');
  console.log(`| one, on one core | ${one.toFixed(1)} | |`);
  console.log(`| two, on two cores | ${two.toFixed(1)} | ${(two / one).toFixed(2)} |`);
  console.log(`${failures} failures; median of ${ROUNDS} rounds.`);
} finally {
  rmSync(data, { recursive: true, force: true });
}
