// Makes the programs in a folder of built pages smaller, by tools that are installed in another folder: the WebAssembly by
// binaryen's wasm-opt, the JavaScript by esbuild. Names of files are made anew, since browsers keep each for ever by its name.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [dist, tools] = process.argv.slice(2);
const tool = (name) => path.join(tools, 'node_modules/.bin', name);
// What rustc compiles for by default; wasm-opt would refuse it otherwise.
const features = ['bulk-memory', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'sign-ext'];
// Chosen by what is left after brotli, docs/performance.md: inlining and -Oz make fewer bytes that compress worse. Sorted by
// name, the instances of one generic function stand side by side.
const passes = ['-O2', '--shrink-level=1', '--no-inline=*', '--reorder-functions-by-name'];
const strip = ['--strip-debug', '--strip-producers', '--strip-target-features'];

for (const file of readdirSync(dist)) {
  const [, program, hash] = /^(.+)-([0-9a-f]{16})_bg\.wasm$/.exec(file) ?? [];
  if (program === undefined) continue;
  const old = `${program}-${hash}`;
  const [wasm, js] = [`${old}_bg.wasm`, `${old}.js`].map((name) => path.join(dist, name));
  const run = (name, ...args) => execFileSync(tool(name), args, { stdio: 'inherit' });
  run('wasm-opt', wasm, ...features.map((it) => `--enable-${it}`), ...passes, ...strip, '--output', `${wasm}.small`);
  run('esbuild', js, '--minify', '--format=esm', '--log-level=warning', `--outfile=${js}.small`);

  const [code, glue] = [`${wasm}.small`, `${js}.small`].map((name) => readFileSync(name));
  const made = createHash('sha256').update(code).update(glue).digest('hex').slice(0, 16);
  const renamed = (text) => text.replaceAll(old, `${program}-${made}`);
  for (const page of readdirSync(dist).filter((name) => name.endsWith('.html'))) {
    const whole = path.join(dist, page);
    writeFileSync(whole, renamed(readFileSync(whole, 'utf8')));
  }
  renameSync(`${wasm}.small`, renamed(wasm));
  writeFileSync(renamed(js), renamed(glue.toString()));
  for (const name of [wasm, js, `${js}.small`]) rmSync(name);
}
