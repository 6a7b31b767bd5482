// The JSON Schema of the report: every expected report fits it, also with unknown keys refused, and so do reports of older versions.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const root = new URL('../../', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const schema = read('schema/report.json');

/** Returns the errors of a report by a schema. */
function errors(schemaOf, report) {
  const ajv = new Ajv2020({allErrors: true, strict: false});
  addFormats(ajv);
  ajv.addFormat('uint32', true).addFormat('uint64', true).addFormat('int64', true).addFormat('double', true);
  const accepts = ajv.compile(schemaOf);
  return accepts(report) ? [] : accepts.errors.map(({instancePath, message, params}) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** Returns the schema without unknown keys, so that a key that it forgets shows. */
function closed(node) {
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return copy.properties && copy.type === 'object' ? {...copy, additionalProperties: false} : copy;
}

const expected = readdirSync(new URL('fixtures/', root)).map((name) => `fixtures/${name}/expected.json`).filter((path) => {
  try {
    return read(path).schema === 1;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(error.code)) return false;
    throw error;
  }
});

test('every expected report fits, and has no key that the schema does not know', () => {
  assert.ok(expected.length > 10, `${expected.length} reports`);
  const strict = closed(schema);
  for (const path of expected) assert.deepEqual(errors(strict, read(path)), [], path);
});

test('reports of older versions fit', () => {
  const old = readdirSync(new URL('fixtures/reports-of-older-versions/', root));
  assert.ok(old.length > 2);
  for (const name of old) assert.deepEqual(errors(schema, read(`fixtures/reports-of-older-versions/${name}`)), [], name);
});

test('a report with a mistake does not fit, and one with more keys does', () => {
  const report = read(expected[0]);
  assert.deepEqual(errors(schema, {...report, later: true}), []);
  for (const mistake of [{schema: 2}, {verdict: 'maybe'}, {rules: [{}]}, {headline: undefined}]) {
    assert.notDeepEqual(errors(schema, JSON.parse(JSON.stringify({...report, ...mistake}))), [], JSON.stringify(mistake));
  }
});
