// What Linux says of a process and of the machine.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** The server's threads for password hashes have names of their own (server/crypto/src/password/workers.rs). */
const HASHING = /^hash-\d+$/;

/** Seconds of processor time, user and system: of the threads that hash, and of all else, ended threads included. */
export function cpuOf(pid) {
  const whole = secondsIn(`/proc/${pid}/stat`);
  let hashing = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    if (HASHING.test(readFileSync(`${folder}/comm`, 'utf8').trim())) {
      hashing += secondsIn(`${folder}/stat`);
    }
  }
  return { hashing, beside: whole - hashing };
}

function secondsIn(file) {
  const fields = readFileSync(file, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A line of /proc/PID/status, in MiB. */
export function memoryOf(pid, name) {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line[1]) / 1024;
}

/** The machine, in one line. */
export function machine() {
  const rustc = execFileSync('rustc', ['--version'], { encoding: 'utf8' }).split(' ')[1];
  const processors = os.cpus();
  return [
    `${processors.length} cores (${processors[0].model.trim()})`,
    `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    `${os.type()} ${os.release()}`,
    `rustc ${rustc}`,
  ].join(', ');
}

/** How many cores of the machine are at work, over a time in which we give them none. */
export async function othersCores(seconds) {
  const before = busySeconds();
  await sleep(seconds * 1000);
  return (busySeconds() - before) / seconds;
}

/** All processors' time but idle and waiting for disks, the fourth and the fifth number (proc(5)). */
function busySeconds() {
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/ +/).map(Number);
  ticks.splice(3, 2);
  // The last two, of guests, are within the first two already.
  return ticks.slice(0, -2).reduce((sum, count) => sum + count) / TICKS_PER_SECOND;
}
