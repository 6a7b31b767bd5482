// The JSON Schema of the policy format: what it accepts, what it refuses, and what only the program can see.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';

const root = new URL('../../', import.meta.url);
const text = (path) => readFile(new URL(path, root), 'utf8');
const policies = async (folder) => (await readdir(new URL(folder, root))).filter((name) => name.endsWith('.yml')).map((name) => folder + name);
const accepts = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(JSON.parse(await text('schema/escape-gate.schema.json')));

// What stands in the text and not in the values, what stands in another place or another file, and what is not a form.
const UNSEEN = new Map(Object.entries({
  P004: 'broken YAML', P005: 'nothing at all', P006: 'several documents', P007: 'aliases', P008: 'YAML tags', P012: 'duplicate keys',
  P040: 'a number in quotes', P041: 'two bounds that do not fit one another', P045: 'a metric without a past', P051: 'two ids',
  P055: 'a section that a rule needs', P057: 'one label twice', P059: 'one word twice', P061: 'two answers', P062: 'globs',
  P063: 'a label that is not there', P070: 'other files', P071: 'other files', P072: 'other files', P073: 'other files', P074: 'other files',
  P075: 'other files', P076: 'other files', P077: 'other files', P078: 'one of three keys', P079: 'other files', P080: 'ids of rules',
  P087: 'a section that a rule needs', P088: 'names of periods', P099: 'one label twice',
}));

/** What an editor makes of a file; nothing if it is no YAML. */
function values(source) {
  const document = parseDocument(source, { uniqueKeys: false, logLevel: 'silent' });
  try {
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch {
    return undefined; // An alias bomb.
  }
}

describe('the schema of the policy format', async () => {
  const valid = [...await policies('fixtures/policies/valid/'), ...await policies('src/policy/presets/')];
  for (const { name } of (await readdir(new URL('fixtures/', root), { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    valid.push(...(await policies(`fixtures/${name}/`)).filter((path) => path.endsWith('/policy.yml')));
  }
  it('accepts every valid policy', async () => {
    assert.ok(valid.length > 60, `${valid.length} policies`);
    for (const path of valid) {
      assert.ok(accepts(values(await text(path))), `${path}: ${JSON.stringify(accepts.errors)}`);
    }
  });

  const met = new Set();
  for (const path of await policies('fixtures/policies/invalid/')) {
    it(`refuses ${path}, or cannot see what is wrong`, async () => {
      const source = await text(path);
      const codes = /^# expect: (.*)/.exec(source)[1].split(' ').filter((code) => code < 'P100');
      const seen = codes.filter((code) => !UNSEEN.has(code));
      codes.filter((code) => UNSEEN.has(code)).forEach((code) => met.add(code));
      const found = values(source);
      if (seen.length > 0) assert.ok(found === undefined || !accepts(found), `${path} (${seen}) is accepted`);
    });
  }
  // One mistake each: beside a second one it would not show that the schema does not see the first.
  const one = (rule) => ({ version: 1, defects: { escaped: { labels: ['bug'] }, caught: { labels: ['task'] } }, rules: [{ id: 'r', ...rule }] });
  const [count, ratio, coverage] = ['escaped', 'escape-rate', 'root-cause-coverage'].map((metric) => ({ metric }));
  for (const [rule, good] of [
    [{ ...count, max: 'best(last 20)' }, true], [{ ...count, max: 'best(last 21)' }, false], [{ ...count, max: 'median(last 0)' }, false],
    [{ ...ratio, max: '100%' }, true], [{ ...ratio, max: '99.9999 %' }, true], [{ ...ratio, max: '100.0001%' }, false],
    [{ ...ratio, max: 'previous + 1%' }, true], [{ ...ratio, max: 'previous + 101%' }, false],
    [{ ...count, trend: { over: '2 weeks', must: 'decrease' } }, true], [{ ...count, trend: { over: '1 quarter', must: 'decrease' } }, false],
    [{ ...count, trend: { over: '21 weeks', must: 'decrease' } }, false],
    [{ ...coverage, sample: '0.5%', min: '100%' }, true], [{ ...coverage, sample: '10', min: '100%' }, true],
    [{ ...coverage, sample: '0%', min: '100%' }, false], [{ ...coverage, sample: '0.0%', min: '100%' }, false],
    [{ ...coverage, sample: '101%', min: '100%' }, false], [{ ...count, sample: 5, max: 0 }, false],
  ]) {
    it(`${good ? 'accepts' : 'refuses'} ${JSON.stringify(rule)}`, () => assert.equal(accepts(one(rule)), good));
  }
  for (const [product, good] of [
    ['api', true], [{ name: 'api' }, true], [{ tags: 'api-v{version}' }, true], [{ tags: 'v{version}', component: 'api' }, true],
    [{ tags: 'v{version}', name: 'api' }, true], [{ tags: 'v{version}' }, false], [{ component: 'api' }, false], [{ name: 'api', tags: '{product}@{version}' }, false],
  ]) {
    it(`${good ? 'accepts' : 'refuses'} the product ${JSON.stringify(product)}`, () => assert.equal(accepts({ ...one({ ...count, max: 0 }), product }), good));
  }
  it('has no exception that nothing needs', () => assert.deepEqual([...UNSEEN.keys()].filter((code) => !met.has(code)), []));
});
