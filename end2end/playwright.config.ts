import { defineConfig } from '@playwright/test';

// Debian's browser: Playwright's own would be a download from elsewhere.
const executablePath = process.env.END2END_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
if (process.getuid?.() === 0) {
  args.push('--no-sandbox');
}

export default defineConfig({
  testDir: './tests',
  outputDir: './output/failures',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // They wait more than they compute: with two, two cores are idle for two thirds of the time.
  workers: 3,
  // A build that is broken for all of them need not be tried by all of them.
  maxFailures: Number(process.env.END2END_MAX_FAILURES ?? 12),
  // Long enough to wait for the next time step of an authenticator app.
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath, args },
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
    viewport: { width: 1024, height: 800 },
    permissions: ['clipboard-write'],
    actionTimeout: 15_000,
    // A third of the time of all tests: recorded when somebody wants to see it.
    trace: process.env.END2END_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
});
