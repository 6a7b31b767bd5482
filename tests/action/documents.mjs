// The workflows that people copy: those of the pages, of the README, and those that `init` writes.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import YAML from 'yaml';

import {PROJECT} from './support.mjs';

/** The page whose blocks are complete workflows, or the lines that differ from one. */
export const PAGE = 'docs/how-to/workflows.md';

/** The workflow that each block of differing lines starts from, by its heading. */
const STARTS_FROM = {
  'Merge queue': 'Pull request',
  'Several products': 'Pull request',
  'Tag': 'Tests in their own job',
  'Draft': 'Tests in their own job',
  'Every night': 'Deployment',
};

/** The workflows of the page: `{path, heading, source, workflow}`. `source` is the whole file. */
export function pageWorkflows() {
  const page = read(PAGE);
  const complete = [];
  return sections(page).flatMap(({heading, text}) => blocks(text).map((source) => {
    const named = /^# (\S+)\n/.exec(source);
    if (named) {
      complete.push({heading, source});
      return describe(named[1], heading, source);
    }
    const base = complete.find((one) => one.heading === STARTS_FROM[heading]);
    assert.ok(base, `the block under '${heading}' starts from no workflow: name its file, or add it to STARTS_FROM`);
    const whole = overlay(base.source, source, leftOut(text));
    return describe(`${PAGE}#${heading.toLowerCase().replaceAll(' ', '-')}`, heading, whole);
  }));
}

/** Workflows in every other page, and in the README. */
export function otherWorkflows() {
  const pages = ['README.md', ...readdirSync(join(PROJECT, 'docs'), {recursive: true}).map((name) => `docs/${name}`)];
  const others = pages.map((page) => page.replaceAll('\\', '/')).filter((page) => page.endsWith('.md') && page !== PAGE);
  return others.flatMap((page) => blocks(read(page)).filter(isWorkflow).map((source, index) => describe(`${page} (${index + 1})`, page, source)));
}

/** Build files of a repository, by the test tool that `init` finds in them. */
const BUILDS = {
  Cargo: {'Cargo.toml': '[package]\nname = "a"\n'},
  Maven: {'pom.xml': '<project/>\n'},
  Gradle: {'build.gradle': '', 'gradlew': ''},
  Go: {'go.mod': 'module a\n', 'tools/go.mod': 'module b\n'},
  '.NET': {'a.sln': '\n'},
  Jest: {'package.json': '{"devDependencies": {"jest": "30", "jest-junit": "16"}}'},
  Vitest: {'web/package.json': '{"devDependencies": {"vitest": "3"}}'},
  pytest: {'pyproject.toml': '[tool.pytest.ini_options]\n'},
  PHPUnit: {'composer.json': '{"require-dev": {"phpunit/phpunit": "12"}}', 'phpunit.xml': '<phpunit/>\n'},
};

/** Workflows that `init` writes: without tests, with reports that were named, for each test tool, and for several products. */
export function proposedWorkflows() {
  const kinds = ['pull-request', 'publish'];
  const products = 'tests/action/fixtures/products';
  return [
    ...kinds.flatMap((kind) => [proposedWorkflow(kind), proposedWorkflow(kind, [])]),
    ...kinds.flatMap((kind) => Object.entries(BUILDS).map(([tool, files]) => proposedWorkflow(kind, [], files, tool))),
    // `init` reads the names of products on GitHub: tests/github/init.test.mjs writes these files.
    ...kinds.map((kind) => describe(`init --workflow ${kind} (products)`, 'init', read(`${products}/${kind}.yml`))),
  ];
}

/** The workflow that `init` writes in a folder of files. */
export function proposedWorkflow(kind, args = ['--reports', 'build/**/TEST-*.xml'], files = {}, tool = '') {
  assert.ok(process.env.ESCAPE_GATE_BIN, 'ESCAPE_GATE_BIN is not set: the full path of target/debug/escape-gate');
  const folder = mkdtempSync(join(tmpdir(), 'init-'));
  try {
    const env = {PATH: process.env.PATH};
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), {recursive: true});
      writeFileSync(join(folder, name), text);
    }
    const {stderr} = spawnSync(process.env.ESCAPE_GATE_BIN, ['init', '--yes', '--offline', '--workflow', kind, ...args], {cwd: folder, env, encoding: 'utf8'});
    assert.ok(stderr.includes(tool), `init does not find ${tool}: ${stderr}`);
    return describe(`init --workflow ${kind} ${args.join(' ')} ${tool}`.trim(), 'init', readFileSync(join(folder, '.github/workflows/escape-gate.yml'), 'utf8'));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** The project's own workflows. */
export function ownWorkflows() {
  const folder = '.github/workflows';
  const names = readdirSync(join(PROJECT, folder)).filter((name) => /\.ya?ml$/.test(name));
  return names.map((name) => describe(`${folder}/${name}`, 'own', read(`${folder}/${name}`)));
}

const read = (path) => readFileSync(join(PROJECT, path), 'utf8');
const describe = (path, heading, source) => ({path, heading, source, workflow: YAML.parse(source)});
const blocks = (text) => Array.from(text.matchAll(/^ *```yaml\n(.*?)^ *```$/gms), ([, source]) => source);
const isWorkflow = (source) => /^on:/m.test(source) && /^jobs:/m.test(source);
const leftOut = (text) => Array.from(text.matchAll(/Leave out the job `([\w-]+)`/g), ([, job]) => job);

function sections(page) {
  return page.split(/^## /m).slice(1).map((text) => ({heading: text.slice(0, text.indexOf('\n')), text}));
}

/**
 * A workflow with the keys of another text in their place, as a person would edit it: comments stay.
 * `on` and `permissions` are replaced; jobs and steps are merged, a step by its `uses` or `id`.
 */
export function overlay(base, lines, without = []) {
  const document = YAML.parseDocument(base);
  without.forEach((job) => document.deleteIn(['jobs', job]));
  const changes = YAML.parseDocument(lines);
  for (const {key, value} of changes.contents.items) {
    if (key.value !== 'jobs') {
      document.set(key, value);
      continue;
    }
    for (const {key: id, value: job} of value.items) {
      if (document.hasIn(['jobs', id.value])) {
        mergeJob(document.getIn(['jobs', id.value]), job);
      } else {
        document.get('jobs').add({key: id, value: job});
      }
    }
  }
  return document.toString({lineWidth: 0});
}

function mergeJob(job, changes) {
  for (const {key, value} of changes.items) {
    if (key.value === 'steps') {
      value.items.forEach((step) => mergeStep(job.get('steps').items, step));
    } else {
      job.set(key, value);
    }
  }
}

function mergeStep(steps, change) {
  const same = steps.find((step) => nameOf(step) === nameOf(change));
  assert.ok(same, `no step of the workflow is '${nameOf(change)}'`);
  for (const {key, value} of change.items) {
    if (key.value === 'with') {
      value.items.forEach((input) => same.get('with').set(input.key, input.value));
    } else {
      same.set(key, value);
    }
  }
}

const nameOf = (step) => step.get('id') ?? String(step.get('uses')).split('@')[0];
