// etcd, two PostgreSQL nodes under Patroni, HAProxy before them, two servers of Twofold and HAProxy before those: all of it in
// one folder and on loopback addresses of its own, by the very files that docs/scaling.md tells to copy.

import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SEED = path.join(ROOT, 'target/release/seed');
const BINARY = process.env.FAILOVER_PROGRAM ?? path.join(ROOT, 'target/release/twofold');
/** Of the files: networks and addresses that the test has others for. */
const PASSWORD = 'change-me-1';
const ENVIRONMENT = {
  TWOFOLD_PASSWORD_HASH_MEMORY_KIB: '8192',
  TWOFOLD_PASSWORD_HASH_PASSES: '1',
  TWOFOLD_HTTP_STOP_DELAY_SECONDS: '1',
  // Two people change their names without end, and nobody may do that.
  TWOFOLD_LIMITS_ACTS_PER_USER: '1000000',
};

/** The newest PostgreSQL of Debian. */
function postgresPrograms() {
  const versions = readdirSync('/usr/lib/postgresql').map(Number).sort((a, b) => a - b);
  return `/usr/lib/postgresql/${versions.at(-1)}/bin`;
}

/** Waits until something is so, and fails after so many seconds. */
export async function until(what, seconds, isSo) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      const answer = await isSo();
      if (answer) {
        return answer;
      }
    } catch {
      // Not yet.
    }
    if (Date.now() > end) {
      throw new Error(`after ${seconds} s: ${what}`);
    }
    await sleep(100);
  }
}

export class Cluster {
  #processes = new Map();
  #asPostgres = [];

  constructor() {
    this.net = `127.${10 + Math.floor(Math.random() * 240)}.0`;
    this.folder = mkdtempSync(path.join(tmpdir(), 'twofold-failover-'));
    // Apart from what PostgreSQL's user can write: Twofold refuses keys that others could put there.
    this.data = mkdtempSync(path.join(tmpdir(), 'twofold-failover-servers-'));
    this.programs = postgresPrograms();
    this.publicUrl = `http://${this.net}.1:3000`;
    this.servers = ['a', 'b'].map((name, n) => ({
      name,
      address: `http://${this.net}.${31 + n}:3000`,
      operator: `http://${this.net}.${31 + n}:9464`,
    }));
    if (process.getuid() === 0) {
      const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, 'postgres'])));
      this.#asPostgres = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
      chownSync(this.folder, uid, gid);
      this.owner = [uid, gid];
    }
  }

  node(n) {
    return `${this.net}.${10 + n}`;
  }

  /** A process that is ended with the cluster; its output is in the folder. */
  #start(name, command, environment = {}) {
    const log = openSync(path.join(this.folder, `${name}.log`), 'a');
    const child = spawn(command[0], command.slice(1), {
      stdio: ['ignore', log, log],
      cwd: this.folder,
      env: { ...process.env, ...environment },
    });
    child.isOver = new Promise((resolve) => child.once('exit', resolve));
    this.#processes.set(name, child);
    return child;
  }

  #write(name, text) {
    const file = path.join(this.folder, name);
    writeFileSync(file, text, { mode: 0o644 });
    return file;
  }

  /** A file that operators copy, with the addresses of the test in place of its own. */
  #copied(file) {
    const text = readFileSync(path.join(ROOT, 'packaging', file), 'utf8');
    return text.replaceAll('10.0.0.0/24', '127.0.0.0/8').replaceAll('10.0.0.', `${this.net}.`);
  }

  async start() {
    const etcd = `http://${this.net}.10`;
    this.#start('etcd', [...this.#asPostgres, 'etcd', '--name', 'etcd', '--data-dir', path.join(this.folder, 'etcd'),
      '--listen-client-urls', `${etcd}:2379`, '--advertise-client-urls', `${etcd}:2379`,
      '--listen-peer-urls', `${etcd}:2380`, '--initial-advertise-peer-urls', `${etcd}:2380`,
      '--initial-cluster', `etcd=${etcd}:2380`]);
    for (const n of [1, 2]) {
      // Each node reaches etcd by a line of its own, which can be cut.
      const line = `defaults\n mode tcp\n timeout connect 2s\n timeout client 10m\n timeout server 10m\n` +
        `listen etcd\n bind ${this.net}.${20 + n}:2379\n server etcd ${this.net}.10:2379\n`;
      this.#start(`line${n}`, ['haproxy', '-db', '-f', this.#write(`line${n}.cfg`, line)]);
      this.#write(`patroni${n}.yml`, this.#patroni(n));
      mkdirSync(path.join(this.folder, `sockets${n}`));
      if (this.owner) {
        chownSync(path.join(this.folder, `sockets${n}`), ...this.owner);
      }
    }
    await until('etcd answers', 30, () => fetch(`${etcd}:2379/health`).then((answer) => answer.ok));
    this.startNode(1);
    await until('the first node leads', 60, async () => (await this.leader()) === 1);
    this.startNode(2);
    await until('the second node is in step', 90, () => this.isWhole());
    const postgresql = this.#copied('postgresql/haproxy.cfg').replaceAll('127.0.0.1:5000', `${this.net}.1:5000`);
    this.#start('haproxy-postgresql', ['haproxy', '-db', '-f', this.#write('postgresql.cfg', postgresql)]);
    for (const sql of ["CREATE ROLE twofold LOGIN PASSWORD 'twofold'", 'CREATE DATABASE twofold OWNER twofold']) {
      await this.sql(1, sql);
    }
    await until('HAProxy leads to the node that leads alone', 30, () => this.#leadsToLeader());
    const balancer = this.#copied('balancer/haproxy.cfg')
      .replace(/bind :443 .*/, `bind ${this.net}.1:3000`)
      .replace(/ *bind :80\n.*redirect scheme.*\n/, '');
    this.#start('haproxy', ['haproxy', '-db', '-f', this.#write('balancer.cfg', balancer)]);
  }

  /** HAProxy takes each node for good until its first checks are over: only several answers in a row say something. */
  async #leadsToLeader() {
    for (let n = 0; n < 6; n += 1) {
      const writes = 'SELECT NOT pg_is_in_recovery()';
      if ((await this.#query(`${this.net}.1`, 5000, writes, 'twofold')) !== 't') {
        return false;
      }
    }
    return true;
  }

  #patroni(n) {
    const text = this.#copied('postgresql/patroni.yml')
      .replace(/hosts: .*/, `hosts: ${this.net}.${20 + n}:2379\n  use_proxies: true`)
      .replace(/data_dir: .*/, `data_dir: ${this.folder}/node${n}`)
      .replace(/bin_dir: .*/, `bin_dir: ${this.programs}`)
      .replace(/pgpass: .*/, `pgpass: ${this.folder}/pgpass${n}`)
      .replace(/unix_socket_directories: .*/, `unix_socket_directories: ${this.folder}/sockets${n}`);
    const own = (line) => line.replaceAll(`${this.net}.11`, this.node(n)).replace('node1', `node${n}`);
    return text.split('\n').map((line) => (line.includes('# this node') ? own(line) : line)).join('\n');
  }

  startNode(n) {
    this.#start(`patroni${n}`, [...this.#asPostgres, 'patroni', path.join(this.folder, `patroni${n}.yml`)], { HOME: this.folder });
  }

  /** As when the machine of a node loses its power: nothing of it says good-bye. */
  async killNode(n) {
    const patroni = this.#processes.get(`patroni${n}`);
    const postmaster = Number(readFileSync(path.join(this.folder, `node${n}`, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const backends = readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]) === postmaster;
      } catch {
        return false;
      }
    });
    for (const pid of [patroni.pid, postmaster, ...backends.map(Number)]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
    await patroni.isOver;
  }

  /** Cuts a node off etcd: nothing it sends arrives, and nothing is refused. */
  cutOff(n) {
    this.#processes.get(`line${n}`).kill('SIGSTOP');
  }

  rejoin(n) {
    this.#processes.get(`line${n}`).kill('SIGCONT');
  }

  async members() {
    for (const n of [1, 2]) {
      try {
        const answer = await fetch(`http://${this.node(n)}:8008/cluster`, { signal: AbortSignal.timeout(2000) });
        return (await answer.json()).members;
      } catch {
        // The other one knows it, too.
      }
    }
    return [];
  }

  async leader() {
    const leader = (await this.members()).find(({ role }) => role === 'leader' || role === 'master');
    return leader && Number(leader.name.at(-1));
  }

  /** Whether one leads and the other has everything. */
  async isWhole() {
    const members = await this.members();
    const isUp = ({ state }) => state === 'running' || state === 'streaming';
    return members.length === 2 && members.every(isUp) && members.some(({ role }) => role === 'sync_standby');
  }

  async switchOver(from, to) {
    const answer = await fetch(`http://${this.node(from)}:8008/switchover`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ leader: `node${from}`, candidate: `node${to}` }),
    });
    if (!answer.ok) {
      throw new Error(`the switch was refused: ${await answer.text()}`);
    }
  }

  sql(n, statement) {
    return this.#query(this.node(n), 5432, statement, 'postgres');
  }

  /** One statement by a client that is not ours. */
  #query(host, port, statement, role) {
    return new Promise((resolve, reject) => {
      const password = role === 'postgres' ? PASSWORD : 'twofold';
      const psql = spawn(path.join(this.programs, 'psql'), ['-XAtqc', statement], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PGHOST: host, PGPORT: String(port), PGUSER: role, PGPASSWORD: password, PGDATABASE: role, PGCONNECT_TIMEOUT: '2' },
      });
      let said = '';
      psql.stdout.on('data', (chunk) => (said += chunk));
      const end = setTimeout(() => psql.kill('SIGKILL'), 3000);
      psql.on('error', reject);
      psql.on('exit', (status) => {
        clearTimeout(end);
        status === 0 ? resolve(said.trim()) : reject(new Error(`psql: ${status}`));
      });
    });
  }

  environment(n) {
    const server = `${this.net}.${31 + n}`;
    return {
      ...ENVIRONMENT,
      TWOFOLD_DATABASE_URL: `postgres://twofold:twofold@${this.net}.1:5000/twofold`,
      TWOFOLD_DATA: path.join(this.data, this.servers[n].name),
      TWOFOLD_KEYS_FILE: path.join(this.data, 'keys'),
      TWOFOLD_LISTEN: `${server}:3000`,
      TWOFOLD_METRICS_LISTEN: `${server}:9464`,
      TWOFOLD_PUBLIC_URL: this.publicUrl,
      TWOFOLD_TRUSTED_PROXIES: '127.0.0.0/8',
    };
  }

  /** Fills the database: users who share a password and, every second one, the key of an app. */
  seed(users) {
    const said = execFileSync(SEED, [this.environment(0).TWOFOLD_DATA, String(users), '1'], {
      encoding: 'utf8', cwd: this.data, env: { ...process.env, ...this.environment(0) },
    });
    const told = (what) => new RegExp(`^${what}: (.+)$`, 'm').exec(said)[1];
    return { users, password: told('password'), key: told('key of the app') };
  }

  async startServers() {
    for (const [n, server] of this.servers.entries()) {
      mkdirSync(path.join(this.data, server.name), { recursive: true });
      this.#start(`twofold-${server.name}`, [BINARY, 'serve'], this.environment(n));
      await until(`server ${server.name} is ready`, 60, () => fetch(`${server.operator}/readyz`).then((answer) => answer.ok));
    }
  }

  /** Whether both servers are the processes that were started. */
  serversLive() {
    return this.servers.every(({ name }) => this.#processes.get(`twofold-${name}`).exitCode === null);
  }

  async stop({ keepsFolder }) {
    for (const n of [1, 2]) {
      try {
        this.rejoin(n);
      } catch {
        // It never ran.
      }
    }
    const order = [...this.#processes.keys()].sort((a, b) => Number(a.startsWith('etcd')) - Number(b.startsWith('etcd')));
    await Promise.all(order.map(async (name) => {
      const child = this.#processes.get(name);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await Promise.race([child.isOver, sleep(20_000, undefined, { ref: false })]);
        child.kill('SIGKILL');
      }
    }));
    for (const n of [1, 2]) {
      try {
        const pid = Number(readFileSync(path.join(this.folder, `node${n}`, 'postmaster.pid'), 'utf8').split('\n')[0]);
        process.kill(pid, 'SIGQUIT');
      } catch {
        // Patroni has ended it.
      }
    }
    rmSync(this.data, { recursive: true, force: true });
    if (keepsFolder) {
      console.error(`What the processes said is in ${this.folder}.`);
    } else {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  }
}
