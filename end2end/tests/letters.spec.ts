// Every letter as a mail program shows it: wide and narrow, light and dark, audited by axe-core. The Rust test
// `faults/letters/drawn` leaves them in target/tmp/letters; `scripts/e2e` runs it where they are missing.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

const folder = path.resolve(import.meta.dirname, '../../target/tmp/letters');
const letters = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.html')) : [];

/** A letter is no page of its own but stands in one, the mail program's: it has no landmarks. */
const OF_WHOLE_PAGES = ['region', 'landmark-one-main'];

/** Letters of which pictures are kept to be looked at, under end2end/output. */
const LOOKED_AT = [
  'AddressLost',
  'AddressOfMemberWon',
  'Invitation',
  'MailboxCode',
  'RankGiven',
  'RecoveryCodeUsed',
  'SignUpHeld',
  'TwoFactorEnabledUnproven',
  'TwoFactorResetOffered',
];

const htmlOf = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

/** The letters one below the other, with the head of the first. */
function together(): string {
  const [first] = letters.map(htmlOf);
  const inside = (html: string): string => /<body[^>]*>([^]*)<\/body>/.exec(html)![1]!;
  return first!.replace(inside(first!), letters.map((name) => inside(htmlOf(name))).join('\n'));
}

test('every letter is there', () => {
  expect(letters.length, `letters in ${folder}`).toBeGreaterThan(100);
  for (const name of LOOKED_AT) {
    expect(letters).toContain(`${name}.html`);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`letters are readable at ${width} px, ${colorScheme}`, async ({ page }) => {
      // An audit of all letters is long on a busy machine.
      test.slow();
      expect(letters).not.toEqual([]);
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      for (const name of letters) {
        await page.setContent(htmlOf(name));
        const { wide, headings, links } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          headings: document.querySelectorAll('h1').length,
          links: document.querySelectorAll('a').length,
        }));
        expect(wide, `${name} scrolls sideways`).toBeLessThanOrEqual(width);
        expect(headings, `${name}: headings`).toBe(1);
        expect(links, `${name}: buttons`).toBeLessThanOrEqual(1);
        if (LOOKED_AT.includes(path.parse(name).name)) {
          const picture = `../output/letter-${path.parse(name).name}-${colorScheme}-${width}.png`;
          await page.screenshot({ path: path.resolve(import.meta.dirname, picture), fullPage: true });
        }
      }
      // All of them in one page: an audit of each takes minutes.
      await page.setContent(together());
      const { violations } = await new AxeBuilder({ page }).disableRules(OF_WHOLE_PAGES).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      expect(found, 'axe-core').toEqual([]);
      expect(asked, 'a letter loads nothing').toEqual([]);
    });
  }
}
