// The leader of PostgreSQL is switched over, killed and cut off, again and again, while people use Twofold. ROUNDS: how often.

import { setTimeout as sleep } from 'node:timers/promises';

import { Cluster, until } from './cluster.mjs';
import { CodeGivers, Ledger, Renamer } from './load.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 20);
const KINDS = ['switched over', 'killed', 'cut off'];
/** Seconds in which the service is back after the new leader takes writes, and a planned switch is over. */
const BACK = 5;
const PLANNED = 15;
/** Seconds that `/readyz` may take to learn what a client of PostgreSQL knows. */
const LEARNS = 4;
const USERS = 4000;
const LONGEST = 45 * 60;

const cluster = new Cluster();
const ledger = new Ledger();
const failures = [];
const rounds = [];
let isOver = false;
let isWhole = false;
const watchdog = setTimeout(() => end(new Error(`not over after ${LONGEST} s`)), LONGEST * 1000);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => end(new Error(signal)));
}

async function end(error) {
  isOver = true;
  if (error) {
    console.error(error);
  }
  await cluster.stop({ keepsFolder: Boolean(error) });
  process.exit(error ? 1 : 0);
}

/** Writes on a node by a client of its own, over and over: when it last did, and when it first did again. */
async function watchNode(n, seen, isDone) {
  while (!isDone()) {
    const began = Date.now();
    try {
      await cluster.sql(n, 'UPDATE probe SET n = n + 1');
      seen.first ??= Date.now();
      seen.last = began;
    } catch {
      // Not the leader, or not there.
    }
    await sleep(100);
  }
}

async function watchReadiness({ operator }, samples, isDone) {
  while (!isDone()) {
    const at = Date.now();
    let isReady = false;
    try {
      isReady = (await fetch(`${operator}/readyz`, { signal: AbortSignal.timeout(3000) })).ok;
    } catch {
      // No answer is no readiness.
    }
    samples.push({ at, isReady });
    await sleep(200);
  }
}

/** When a server first takes a change that was begun after a moment. */
async function firstChange(renamer, after) {
  for (;;) {
    const began = Date.now();
    const from = after();
    if ((await renamer.rename()) && from !== undefined && began >= from) {
      return Date.now();
    }
    await sleep(50);
  }
}

async function round(kind, probes, givers) {
  const leader = await cluster.leader();
  const other = 3 - leader;
  const [old, next] = [{}, {}];
  let isDone = false;
  const done = () => isDone;
  const samples = cluster.servers.map(() => []);
  await until('the old leader takes writes', 20, () => cluster.sql(leader, 'UPDATE probe SET n = n + 1').then(() => true));
  const began = Date.now();
  const watching = [
    watchNode(leader, old, done),
    watchNode(other, next, done),
    ...cluster.servers.map((server, n) => watchReadiness(server, samples[n], done)),
  ];
  if (kind === 'switched over') {
    await cluster.switchOver(leader, other);
  } else if (kind === 'killed') {
    await cluster.killNode(leader);
  } else {
    cluster.cutOff(leader);
  }
  await until('the other node takes writes', 90, () => next.first !== undefined);
  const back = await Promise.race([
    Promise.all(probes.map((probe) => firstChange(probe, () => next.first))),
    sleep(60_000, undefined, { ref: false }).then(() => undefined),
  ]);
  if (back === undefined) {
    failures.push(`${kind}: the service did not come back within a minute`);
  }
  const isBack = Math.max(...(back ?? [Date.now()]));
  await sleep(LEARNS * 1000);
  isDone = true;
  await Promise.all(watching);
  for (const [n, all] of samples.entries()) {
    // While no node takes writes nobody is told that the server does.
    const dark = all.filter(({ at }) => at > (old.last ?? began) + LEARNS * 1000 && at < next.first - 500);
    const wrong = dark.filter(({ isReady }) => isReady).length;
    if (wrong > 0) {
      failures.push(`${kind}: /readyz of ${cluster.servers[n].name} said yes ${wrong} of ${dark.length} times while nothing took writes`);
    }
    if (!all.at(-1).isReady) {
      failures.push(`${kind}: /readyz of ${cluster.servers[n].name} says no though the service is back`);
    }
  }
  const refused = await givers.again();
  if (kind === 'killed') {
    cluster.startNode(leader);
  } else if (kind === 'cut off') {
    const isStandby = await cluster.sql(leader, 'SELECT pg_is_in_recovery()').catch(() => 'gone');
    if (isStandby !== 't') {
      failures.push(`cut off: the old leader is no read-only survivor (${isStandby})`);
    }
    cluster.rejoin(leader);
  }
  const figures = {
    kind,
    dark: (next.first - began) / 1000,
    back: (isBack - next.first) / 1000,
    whole: (isBack - began) / 1000,
    refused,
  };
  if (figures.back > BACK) {
    failures.push(`${kind}: back ${figures.back} s after the new leader takes writes`);
  }
  if (kind === 'switched over' && figures.whole > PLANNED) {
    failures.push(`a planned switch took ${figures.whole} s`);
  }
  console.log(`${rounds.length + 1}. ${kind}: the new leader took writes after ${figures.dark.toFixed(1)} s, the service ` +
    `was back ${figures.back.toFixed(2)} s later; ${refused} codes tried again and refused`);
  rounds.push(figures);
  await until('both nodes are in step again', 120, () => cluster.isWhole());
}

function print() {
  console.log('\n| the leader was | times | until the new one took writes, s (most) | service back after that, s (median, most) |');
  console.log('| --- | ---: | ---: | ---: |');
  for (const kind of KINDS) {
    const of = rounds.filter((one) => one.kind === kind);
    if (of.length > 0) {
      const back = of.map((one) => one.back).toSorted((a, b) => a - b);
      const most = Math.max(...of.map((one) => one.dark));
      console.log(`| ${kind} | ${of.length} | ${most.toFixed(1)} | ${back[back.length >> 1].toFixed(2)}, ${back.at(-1).toFixed(2)} |`);
    }
  }
  const again = rounds.reduce((sum, one) => sum + one.refused, 0);
  console.log(`${ledger.acknowledged} changes and sign-ins acknowledged, ${ledger.lost.length} lost; ${ledger.refusedForNow} refused for ` +
    `the moment; ${again} codes tried again, ${ledger.twice.length} taken twice.`);
}

try {
  await cluster.start();
  await cluster.sql(await cluster.leader(), 'CREATE TABLE probe (n int); INSERT INTO probe VALUES (0)');
  const seeded = cluster.seed(USERS);
  await cluster.startServers();
  isWhole = true;
  const at = (address, user) => new Renamer(address, cluster.publicUrl, `user${user}@seed.example`, seeded.password, ledger);
  // Users with an even number have no app. Two servers are looked at directly, the others through the balancer.
  const probes = cluster.servers.map(({ address }, n) => at(address, 2 * n));
  const people = [at(cluster.publicUrl, 4), at(cluster.publicUrl, 6)];
  await until('the balancer finds the servers', 15, () => fetch(`${cluster.publicUrl}/healthz`).then((answer) => answer.ok));
  for (const person of [...probes, ...people]) {
    await person.signIn();
  }
  const givers = new CodeGivers(cluster.publicUrl, cluster.publicUrl, seeded, ledger);
  const load = [...people, givers].map((one) => one.run(() => isOver));
  for (let n = 0; n < ROUNDS; n += 1) {
    await round(KINDS[n % KINDS.length], probes, givers);
  }
  isOver = true;
  await Promise.all(load);
  await Promise.all(people.map((person) => person.look()));
  if (!cluster.serversLive()) {
    failures.push('a server of Twofold ended');
  }
  failures.push(...ledger.lost, ...ledger.twice, ...ledger.strange.slice(0, 10));
  print();
  clearTimeout(watchdog);
  await end(failures.length > 0 ? new Error(failures.join('\n')) : undefined);
} catch (error) {
  if (isWhole) {
    print();
  }
  await end(error);
}
