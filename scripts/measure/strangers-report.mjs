// Reports what strangers can do to others.

import path from 'node:path';

import { start } from './server.mjs';
import { canOpen, memoryOfConnections, probesBeside } from './strangers.mjs';
import { report } from './table.mjs';

const OPEN = { TWOFOLD_SIGN_UP: 'true', TWOFOLD_TRUSTED_PROXIES: '127.0.0.1', TWOFOLD_HTTP_CONNECTIONS: '4096' };
const PER_SECOND = 40;
const CONNECTIONS = 800;

/** Each kind of flood on a server of its own, with a database of its own. */
export async function reportStrangers(folder, { seconds }) {
  const floods = [
    ['refused by the limit', () => '192.0.2.1'],
    ['guessable, each from an address of its own', (n) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`],
  ];
  for (const [name, from] of floods) {
    const server = await start(path.join(folder, name.replaceAll(/\W/g, '-')), OPEN);
    const found = await probesBeside(server, { perSecond: PER_SECOND, seconds, from });
    const statuses = Object.entries(found.statuses).map(([status, count]) => `${count} × ${status}`);
    console.log(`${name}: ${found.sent.toFixed(0)} a second, ${statuses.join(', ')}, ${found.cores.toFixed(2)} cores`);
    const what = `/healthz, 95 of 100 within, beside ${PER_SECOND} sign-ups a second, ${name}`;
    report(what, found.p95, 'ms', { most: 5 });
    report('– the median', found.p50, 'ms');
    await server.stop();
  }
  if (!canOpen(CONNECTIONS)) {
    console.log(`Connections are not measured: this shell may not open ${CONNECTIONS} (ulimit -n).`);
    return;
  }
  for (const [what, hasSent, most] of [
    ['memory of a silent connection', false, 96],
    ['memory of a connection that has sent 60 KiB of a head', true, 96],
  ]) {
    const server = await start(path.join(folder, what.replaceAll(/\W/g, '-')), OPEN);
    report(what, await memoryOfConnections(server, { connections: CONNECTIONS, hasSent }), 'KiB', { most });
    await server.stop();
  }
}
