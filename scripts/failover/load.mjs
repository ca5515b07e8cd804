// People who use Twofold meanwhile, and what they were told: nothing of it may be lost, and no code may be taken twice.

import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const STEP = 30;
const PATIENCE = 4000;

/** RFC 6238 with SHA-1, six digits and 30 s. */
function codeOf(key, step) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replace(/[^A-Z2-7]/gi, '').toUpperCase()].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

const stepNow = () => Math.floor(Date.now() / 1000 / STEP);

/** A browser at an address: it keeps cookies and never sends a thing again. */
export class Person {
  #cookies = new Map();

  constructor(address, origin) {
    this.address = address;
    this.origin = origin;
  }

  /** The status and the answer; status 0 where there was none. */
  async call(name, argument) {
    try {
      const response = await fetch(`${this.address}/api/${name}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          origin: this.origin,
          cookie: [...this.#cookies].map(([cookie, value]) => `${cookie}=${value}`).join('; '),
        },
        body: JSON.stringify(argument),
        signal: AbortSignal.timeout(PATIENCE),
      });
      const text = await response.text();
      for (const line of response.headers.getSetCookie()) {
        const [pair] = line.split(';');
        const at = pair.indexOf('=');
        this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      let answer = null;
      try {
        answer = JSON.parse(text);
      } catch {
        // The balancer's own page.
      }
      return { status: response.status, answer };
    } catch {
      return { status: 0, answer: null };
    }
  }
}

/** Everything that was acknowledged. */
export class Ledger {
  acknowledged = 0;
  refusedForNow = 0;
  lost = [];
  twice = [];
  strange = [];
  taken = [];

  count({ status, answer }, what) {
    if (status === 200) {
      this.acknowledged += 1;
    } else if (status === 0 || status >= 502 || status === 503) {
      this.refusedForNow += 1;
    } else {
      this.strange.push(`${what}: ${status} ${JSON.stringify(answer)}`);
    }
  }
}

/** Somebody with the password alone who changes their name, over and over; what they read is never older than what they were told. */
export class Renamer {
  #attempted = 0;
  #acknowledged = 0;

  constructor(address, origin, email, password, ledger) {
    Object.assign(this, { person: new Person(address, origin), email, password, ledger });
  }

  async signIn() {
    const { status, answer } = await this.person.call('sign-in/password', { email: this.email, password: this.password });
    if (status !== 200) {
      throw new Error(`${this.email} cannot sign in: ${status} ${JSON.stringify(answer)}`);
    }
  }

  /** One change: whether it was acknowledged. */
  async rename() {
    this.#attempted += 1;
    const number = this.#attempted;
    const reply = await this.person.call('profile/rename', { name: `Name ${number}` });
    this.ledger.count(reply, 'profile/rename');
    if (reply.status === 200) {
      this.#acknowledged = number;
    }
    return reply.status === 200;
  }

  async look() {
    const least = this.#acknowledged;
    const { status, answer } = await this.person.call('profile/overview', {});
    if (status !== 200) {
      return;
    }
    const number = Number(/^Name (\d+)$/.exec(answer.name)?.[1] ?? 0);
    if (number < least || number > this.#attempted) {
      this.ledger.lost.push(`${this.email} was told ${least}, reads ${number}`);
    }
  }

  async run(isOver) {
    while (!isOver()) {
      await this.rename();
      await this.look();
      await sleep(40);
    }
  }
}

/** People with an app, each with one code: it is taken once, whenever it is tried again. */
export class CodeGivers {
  #next = 1;

  constructor(address, origin, seeded, ledger) {
    Object.assign(this, { address, origin, seeded, ledger });
  }

  async #give(user, step) {
    const person = new Person(this.address, this.origin);
    const email = `user${user}@seed.example`;
    const first = await person.call('sign-in/password', { email, password: this.seeded.password });
    if (first.status !== 200) {
      this.ledger.count(first, 'sign-in/password');
      return 0;
    }
    const code = codeOf(this.seeded.key, step);
    const { status, answer } = await person.call('sign-in/code', { code, trust_browser: false });
    const isWrong = status === 422;
    if (!isWrong) {
      this.ledger.count({ status, answer }, 'sign-in/code');
    }
    return status;
  }

  async run(isOver) {
    while (!isOver()) {
      const user = this.#next;
      this.#next = (this.#next + 2) % this.seeded.users;
      const step = stepNow();
      if ((await this.#give(user, step)) === 200) {
        this.ledger.taken.push({ user, step });
      }
      await sleep(100);
    }
  }

  /** Tries again what was acknowledged and would still be in time. */
  async again() {
    const inTime = this.ledger.taken.filter(({ step }) => step >= stepNow() - 1).slice(-12);
    let refused = 0;
    for (const { user, step } of inTime) {
      const status = await this.#give(user, step);
      if (status === 200) {
        this.ledger.twice.push(`user${user}, step ${step}`);
      }
      refused += Number(status === 422);
    }
    return refused;
  }
}
