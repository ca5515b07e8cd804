// What strangers can do to others: how long /healthz takes beside their sign-ups that are refused, and what memory their
// connections take.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { cpuOf, memoryOf } from './process.mjs';

/** As dear to estimate as any: look-alikes of letters, of which each has several readings. */
const GUESSABLE = 'p@$$w0rdp@$$w0rdp@$$w0rd';
const HALF_A_HEAD = 60 * 1024;

const send = (options, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(body);
  });

/**
 * Milliseconds within which 95 of 100 answers of /healthz came while so many sign-ups a second were refused; statuses of
 * those by number. `from` gives the client address of each.
 */
export async function probesBeside(server, { perSecond, seconds, from }) {
  const { hostname, port } = new URL(server.address);
  const agent = new http.Agent({ keepAlive: true });
  const refused = [];
  const headers = (n) => ({
    'content-type': 'application/json',
    accept: 'application/json',
    origin: server.address,
    'x-forwarded-for': from(n),
  });
  const signUp = (n) => {
    const user = { name: 'Grace', email: `grace${n}@example.org`, account_name: 'Compilers', password: GUESSABLE };
    const options = { hostname, port, method: 'POST', path: '/api/sign-up/request', headers: headers(n), agent };
    refused.push(send(options, JSON.stringify({ user })));
  };
  const before = cpuOf(server.pid);
  let number = 0;
  const timer = setInterval(() => signUp((number += 1)), 1000 / perSecond);
  const times = [];
  const probes = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const began = performance.now();
    await send({ hostname, port, path: '/healthz', agent: probes });
    times.push(performance.now() - began);
    await sleep(2);
  }
  clearInterval(timer);
  const statuses = {};
  for (const status of await Promise.all(refused)) {
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  const after = cpuOf(server.pid);
  agent.destroy();
  probes.destroy();
  times.sort((one, other) => one - other);
  return {
    p50: times[Math.floor(times.length / 2)],
    p95: times[Math.floor(times.length * 0.95)],
    sent: number / seconds,
    statuses,
    cores: (after.hashing + after.beside - before.hashing - before.beside) / seconds,
  };
}

/** KiB that each of so many connections takes, silent or with most of a head sent. */
export async function memoryOfConnections(server, { connections, hasSent }) {
  const { hostname, port } = new URL(server.address);
  const before = memoryOf(server.pid, 'VmRSS');
  const head = `GET / HTTP/1.1\r\nX-Half: ${'x'.repeat(hasSent ? HALF_A_HEAD : 0)}`;
  const open = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = net.connect(Number(port), hostname);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      if (hasSent) {
        socket.write(head);
      }
      return socket;
    }),
  );
  // Until it takes no more than a moment ago, everything has not been read.
  let [last, now] = [0, before];
  for (let round = 0; round < 100 && (now > last || round < 5); round += 1) {
    await sleep(100);
    [last, now] = [now, memoryOf(server.pid, 'VmRSS')];
  }
  open.forEach((socket) => socket.destroy());
  return ((now - before) * 1024) / connections;
}

/** Whether this process may open so many connections. */
export function canOpen(connections) {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/m.exec(limits)[1]) > connections + 100;
}
