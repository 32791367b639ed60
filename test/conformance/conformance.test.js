// The official suite plays a server for each scenario, and judges what our client sends. It knows revision 2026-07-28
// since 0.2; its list of scenarios is checked, so that none of a newer suite is overlooked.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { notSpoken, spoken } from './scenarios.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const program = join(here, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

const made = mkdtempSync(join(tmpdir(), 'conformance-'));
const client = join(made, 'client.mjs');

// In one file: it is started many times, and from the source each start takes seconds.
test.before(async () => {
  const build = await rolldown({ input: join(here, 'client.js'), platform: 'node' });
  await build.write({ file: client, format: 'esm', codeSplitting: false });
  await build.close();
});
test.after(() => rmSync(made, { recursive: true, force: true }));

/** Runs the suite; its exit code says whether all checks passed. */
async function suite(...args) {
  const started = promisify(execFile)(process.execPath, ['--import', './old-node.js', program, ...args], {
    cwd: here,
    timeout: 60_000,
  });
  const { stdout, stderr, code = 0 } = await started.catch((error) => error);
  return { code, said: `${stdout}\n${stderr}` };
}

test('every scenario is run, or has a reason why not', async () => {
  const { said } = await suite('list', '--client');
  const names = [...said.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name);
  assert.ok(names.length >= 40, `only ${names.length} scenarios: ${said}`);
  const excluded = (name) =>
    Object.keys(notSpoken).some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
  assert.deepEqual(
    names.filter((name) => Object.hasOwn(spoken, name) === excluded(name)),
    [],
  );
});

for (const [scenario, revisions] of Object.entries(spoken)) {
  for (const revision of revisions) {
    test(`${scenario} of ${revision}`, async () => {
      const { code, said } = await suite(
        ...['client', '--command', `"${process.execPath}" "${client}"`, '--scenario', scenario],
        ...['--spec-version', revision, '--output-dir', join(made, 'results')],
      );
      assert.equal(code, 0, said);
      assert.doesNotMatch(said, /not applicable|Skipping/i);
    });
  }
}
