// What can be said about action.yml without running it.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import YAML from 'yaml';

import {loadManifest} from './runner/actions.mjs';
import {PROJECT} from './support.mjs';

const manifest = await loadManifest(PROJECT);
const steps = manifest.runs.steps;
const text = await readFile(join(PROJECT, 'action.yml'), 'utf8');

const INPUTS = [
  'policy', 'reports', 'tests-outcome', 'release', 'token', 'comment', 'comment-on', 'notes', 'id', 'status', 'publish', 'timeout', 'cache', 'fail-on',
  'output', 'snapshot', 'binary', 'version', 'checksum', 'download-base-url',
];
const OUTPUTS = ['verdict', 'escaped', 'critical', 'escape-rate', 'tests-total', 'tests-failed', 'waived', 'report', 'comment-url'];

/** The colours that the Marketplace offers. */
const COLORS = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'];

test('it is a composite action with the fields that the Marketplace asks for', () => {
  assert.equal(manifest.runs.using, 'composite');
  assert.equal(manifest.name, 'Escape Gate');
  assert.ok(manifest.author);
  assert.ok(manifest.description.length < 125, 'the Marketplace refuses a longer description');
  assert.ok(COLORS.includes(manifest.branding.color));
  assert.match(manifest.branding.icon, /^[a-z-]+$/);
});

test('it has the documented inputs and outputs, and no others', () => {
  assert.deepEqual(Object.keys(manifest.inputs), INPUTS);
  assert.deepEqual(Object.keys(manifest.outputs), OUTPUTS);
});

test('every input and every output is described', () => {
  for (const [name, {description}] of Object.entries({...manifest.inputs, ...manifest.outputs})) {
    assert.ok(description?.trim().endsWith('.'), `${name} is described by a sentence`);
  }
});

test('only the token has a default', () => {
  const withDefault = Object.entries(manifest.inputs).filter(([, input]) => 'default' in input);
  assert.deepEqual(withDefault.map(([name]) => name), ['token']);
  assert.equal(manifest.inputs.token.default, '${{ github.token }}');
});

test('no input is required, so that an empty `with:` works', () => {
  assert.ok(Object.values(manifest.inputs).every((input) => input.required === false));
});

test('every input reaches the program through its variable', () => {
  const expected = Object.fromEntries(INPUTS.map((name) => {
    const variable = `ESCAPE_GATE_${name.toUpperCase().replaceAll('-', '_')}`;
    return [variable, `\${{ inputs.${name} }}`];
  }));
  const mapped = Object.assign({}, ...steps.map((step) => step.env ?? {}));
  assert.deepEqual(mapped, expected);
});

test('no script holds an expression', () => {
  for (const step of steps.filter(({run}) => run !== undefined)) {
    assert.doesNotMatch(step.run, /\$\{\{/);
    assert.equal(step.shell, 'bash');
  }
});

test('every output refers to an output of a step that exists', () => {
  const ids = steps.map((step) => step.id);
  for (const [name, {value}] of Object.entries(manifest.outputs)) {
    const [, id, output] = /^\$\{\{ steps\.([\w-]+)\.outputs\.([\w-]+) \}\}$/.exec(value);
    assert.ok(ids.includes(id), `${name} refers to the step '${id}'`);
    assert.equal(output, name);
  }
});

test('the manifest is YAML without warnings', () => {
  const document = YAML.parseDocument(text);
  assert.deepEqual([...document.errors, ...document.warnings], []);
});
