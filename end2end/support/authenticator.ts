// An authenticator app made of independent tools: `zbarimg` reads the QR code, `oathtool` makes the codes.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, type Locator } from '@playwright/test';

const STEP_SECONDS = 30;
/** With less left of a step, the step before it may be over when the code arrives. */
const MARGIN_SECONDS = 4;

export class AuthenticatorApp {
  private lastUsedStep = 0;

  private constructor(
    readonly secret: string,
    /** What the app would list it under. */
    readonly label: string,
    readonly issuer: string,
  ) {}

  /** Scans a QR code from what the screen shows of it. */
  static async scan(qrCode: Locator): Promise<AuthenticatorApp> {
    const folder = await mkdtemp(path.join(tmpdir(), 'twofold-qr-'));
    try {
      const file = path.join(folder, 'qr.png');
      // Away from the heading of its dialog, which stays above what is scrolled.
      await qrCode.evaluate((drawing) => drawing.scrollIntoView({ block: 'center' }));
      await writeFile(file, await qrCode.screenshot());
      // zbarimg complains about a missing D-Bus.
      const read = execFileSync('zbarimg', ['--raw', '-q', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
      return AuthenticatorApp.fromAddress(read);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  static fromAddress(text: string): AuthenticatorApp {
    const address = new URL(text);
    expect(address.protocol).toBe('otpauth:');
    expect(address.host).toBe('totp');
    const { searchParams: parameters } = address;
    // Apps that know only the defaults must come to the same codes.
    expect(parameters.get('algorithm') ?? 'SHA1').toBe('SHA1');
    expect(parameters.get('digits') ?? '6').toBe('6');
    expect(parameters.get('period') ?? '30').toBe('30');
    return new AuthenticatorApp(
      parameters.get('secret')!,
      decodeURIComponent(address.pathname.slice(1)),
      parameters.get('issuer') ?? '',
    );
  }

  /**
   * The earliest code that the server can still take: it accepts one step either way, and none twice nor older
   * than the last. Waits only when all three are used.
   */
  async nextCode(): Promise<string> {
    let step = this.earliest();
    if (step === undefined) {
      await expect
        .poll(() => (step = this.earliest()), { timeout: 2 * STEP_SECONDS * 1000, intervals: [250] })
        .toBeDefined();
    }
    this.lastUsedStep = step!;
    return this.codeOf(step!);
  }

  /** Two apps of one user share the last step that the server has taken. */
  skipUsedBy(other: AuthenticatorApp): void {
    this.lastUsedStep = Math.max(this.lastUsedStep, other.lastUsedStep);
  }

  /** The code that the app showed at a moment, used or not. */
  codeAt(seconds: number): string {
    return this.codeOf(Math.floor(seconds / STEP_SECONDS));
  }

  /** Six digits that are right at no moment within some steps of now. */
  wrongCode(): string {
    const now = Math.floor(Date.now() / 1000 / STEP_SECONDS);
    const right = new Set(this.codesFrom(now - 32, 65));
    for (let guess = 0; ; guess += 1) {
      const code = String(guess).padStart(6, '0');
      if (!right.has(code)) {
        return code;
      }
    }
  }

  private earliest(): number | undefined {
    const seconds = Date.now() / 1000;
    const now = Math.floor(seconds / STEP_SECONDS);
    const first = Math.floor((seconds + MARGIN_SECONDS) / STEP_SECONDS) - 1;
    const step = Math.max(first, this.lastUsedStep + 1);
    return step <= now + 1 ? step : undefined;
  }

  private codeOf(step: number): string {
    return this.codesFrom(step, 1)[0]!;
  }

  private codesFrom(step: number, count: number): string[] {
    const options = ['--totp', '-b', this.secret, '-N', `@${step * STEP_SECONDS}`, '-w', `${count - 1}`];
    return execFileSync('oathtool', options, { encoding: 'utf8' }).trim().split('\n');
  }
}
