// A release server under measurement, and the requests that browsers make of it.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';

const RELEASE = path.resolve(import.meta.dirname, '../../target/release');
export const BINARY = path.join(RELEASE, 'twofold');

export const start = (data, environment) =>
  startProgram(BINARY, ['serve', '--data', data, '--listen', '127.0.0.1:0'], environment);

/** Starts a server that says where it listens. */
export async function startProgram(program, parameters, environment = {}) {
  const child = spawn(program, parameters, {
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
    child.on('exit', (status) => reject(new Error(`${program} ended with ${status}: ${output}`)));
  });
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { pid: child.pid, address, stop };
}

/** Fills a new database with users who share a password and, every second one, the key of an app. */
export function seed(data, { users, accounts }, environment = {}) {
  const parameters = [data, users, accounts].map(String);
  const seeded = spawnSync(path.join(RELEASE, 'seed'), parameters, { encoding: 'utf8', env: { ...process.env, ...environment } });
  if (seeded.status !== 0) {
    throw new Error(`seeding failed: ${seeded.stderr}`);
  }
  const told = (what) => new RegExp(`^${what}: (.+)$`, 'm').exec(seeded.stdout)[1];
  return { users, password: told('password'), key: told('key of the app') };
}

export async function get(address, link, accept) {
  const request = http.get(address + link, { headers: { accept, 'accept-encoding': 'br' } });
  const [response] = await once(request, 'response');
  const body = Buffer.concat(await response.toArray());
  if (response.statusCode !== 200) {
    throw new Error(`${link} answered ${response.statusCode}`);
  }
  return { body, encoding: response.headers['content-encoding'] };
}

export async function post(address, name, argument, cookie = '') {
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
