// What `init` proposes for a repository on GitHub: read, never written.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import YAML from 'yaml';
import { openShop, REPO } from './shop.mjs';

const ARGS = ['init', '--dry-run', '--timeout', '60s', '--retry-wait', '5ms'];
const USUAL = { ESCAPE_GATE_POLICY: '.github/escape-gate.yml' };

/** The files that the output shows, by path, and what stands behind them. */
function shown(out) {
  const [files, next] = out.split('\nNext:\n');
  const parts = `\n${files}`.split('\n==> ').slice(1).map((part) => /^(\S+) \((.*)\)\n([^]*)$/.exec(part));
  return { next, files: Object.fromEntries(parts.map(([, path, , text]) => [path, text])) };
}

/** What GitHub asks of an issue form: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms */
function assertForm(text) {
  // GitHub reads forms by the rules of YAML 1.1, in which `on` is a truth value and 1.10 a number.
  for (const version of ['1.1', '1.2']) {
    const document = YAML.parseDocument(text, { version });
    assert.deepEqual([...document.errors, ...document.warnings], []);
    const { name, description, labels = [], body, ...rest } = document.toJS();
    assert.deepEqual(Object.keys(rest), []);
    assert.ok(name && description && name.length >= 3 && name.length <= 200 && description.length <= 200);
    assert.ok(labels.every((label) => typeof label === 'string') && new Set(labels).size === labels.length);
    assert.ok(body.some(({ type }) => type !== 'markdown'));
    const ids = body.map(({ id }) => id);
    assert.ok(ids.every((id) => /^[a-zA-Z0-9_-]+$/.test(id)) && new Set(ids).size === ids.length);
    const titles = body.map(({ attributes }) => attributes.label);
    assert.equal(new Set(titles).size, titles.length);
    for (const { type, id, attributes, validations, ...more } of body) {
      assert.ok(['dropdown', 'input', 'textarea'].includes(type), type);
      assert.deepEqual(Object.keys(more), []);
      assert.deepEqual(Object.keys(validations), ['required']);
      assert.equal(typeof validations.required, 'boolean');
      assert.ok(attributes.label);
      if (type === 'dropdown') {
        const { options } = attributes;
        assert.ok(options.length > 0 && options.every((option) => typeof option === 'string' && option && option.toLowerCase() !== 'none'));
        assert.equal(new Set(options).size, options.length);
      }
    }
  }
  return YAML.parse(text);
}

describe('a proposal for a repository', () => {
  let shop, run, proposed;
  before(async () => {
    shop = await openShop();
    for (const name of ['area/cart', 'area/checkout', 'team-web', 'team-api', 'type/on', "it's $(x)"]) await shop.gh.admin('POST', `${REPO}/labels`, { name, color: 'ededed' });
    await shop.release('v1.2.0-rc.1', '2026-03-10T10:00:00Z', { prerelease: true });
    await shop.release('v1.3.0', '2026-03-12T10:00:00Z', { draft: true });
    run = await shop.gate({ args: ARGS, env: USUAL });
    proposed = shown(run.out);
  });
  after(() => shop.gh.close());

  it('has the labels that the repository has, and creates only those it lacks', () => {
    assert.equal(run.code, 0, run.log);
    const { defects } = YAML.parse(proposed.files['.github/escape-gate.yml']);
    assert.deepEqual(defects, {
      escaped: { labels: ['production-bug'] }, caught: { labels: ['bug'] },
      severity: { critical: ['sev/critical'], major: ['sev/major'] }, component: 'area/*', team: 'team-*',
      excluded: { infrastructure: ['expected/infrastructure'], 'third-party': ['expected/third-party'], novel: ['expected/novel'] },
      kind: 'kind/*', 'found-by': 'found-by/*', 'root-cause': 'root-cause/*', 'detection-gap': 'detection-gap/*', 'root-cause-needed': ['rca-needed'],
    });
    for (const there of ['production-bug', 'bug', 'sev/critical', 'sev/major']) assert.doesNotMatch(proposed.next, new RegExp(`'${there}'$`, 'm'));
    assert.match(proposed.next, /gh label create .* 'needs-triage'\n/);
    assert.match(run.log, /read 10 labels and 4 releases of acme\/shop/);
  });

  it('has an issue form with the releases that users have, the newest first', () => {
    const form = assertForm(proposed.files['.github/ISSUE_TEMPLATE/production-bug.yml']);
    assert.deepEqual(form.labels, ['needs-triage']);
    const component = form.body.find(({ id }) => id === 'component');
    assert.deepEqual(component.attributes.options, ['cart', 'checkout']);
    for (const id of ['severity', 'kind', 'found-by', 'root-cause', 'detection-gap']) assert.ok(form.body.some((field) => field.id === id), id);
    assert.deepEqual(form.body[0].attributes.options, ['v1.1.0', 'v1.0.0', 'Another one, or not known']);
  });

  it('is the policy by which an issue of its form is counted in the release it names', async () => {
    const { title, number } = await shop.issue('Lost orders', ['production-bug'], '2026-03-20T10:00:00Z', '### Version\n\nv1.0.0\n\n### What happened\n\nx\n');
    const explained = await shop.gate({ args: ['explain', `#${number}`], policy: proposed.files['.github/escape-gate.yml'] });
    assert.match(explained.out, /v1\.0\.0/, explained.log);
    assert.match(explained.out, /stated/, `${title} ${explained.out}`);
  });

  it('reads the issue types and fields of the organization', async () => {
    await shop.gh.repository('acme/shop', { issueTypes: ['Task', 'Bug', 'Feature'], issueFields: [{ name: 'Root cause', kind: 'Text' }, { name: 'Detection gap', kind: 'SingleSelect', options: ['unit'] }] });
    const typed = await shop.gate({ args: ARGS, env: USUAL });
    await shop.gh.repository('acme/shop', { issueTypes: undefined, issueFields: undefined });
    const { files, next } = shown(typed.out);
    const { defects } = YAML.parse(files['.github/escape-gate.yml']);
    assert.deepEqual(defects.caught, { labels: ['bug'], types: ['Bug'] }, typed.log);
    assert.deepEqual([defects['root-cause'], defects['detection-gap']], [{ field: 'Root cause' }, { field: 'Detection gap' }]);
    assert.doesNotMatch(next, /root-cause\/|detection-gap\//);
  });

  it('leaves old defects as debt, and says how many', async () => {
    const old = await shop.issue('Old one', ['production-bug'], '2026-01-20T10:00:00Z');
    const found = await shop.gate({ args: [...ARGS, '--preset', 'zero-critical'], env: USUAL });
    await shop.gh.admin('PATCH', `${REPO}/issues/${old.number}`, { state: 'closed' });
    const policy = YAML.parse(shown(found.out).files['.github/escape-gate.yml']);
    assert.match(policy.rules[0].since, /^\d{4}-\d\d-\d\d$/);
    assert.match(policy.override[1].reason, /^The \d+ escaped defects that were open/);
  });

  it('reads, and writes nothing to GitHub', async () => {
    const before = await shop.writes();
    await shop.gate({ args: ARGS, env: USUAL });
    assert.deepEqual(await shop.writes(), before);
  });

  for (const [what, options, said] of [
    ['without a token', { token: '' }, /were not looked at: there is no token/],
    ['with a token that is refused', { token: 'ghs_unknown' }, /not seen: /],
    ['where the repository is not found', { env: { ...USUAL, ESCAPE_GATE_REPO: 'acme/none' } }, /not seen: /],
    ['where nothing answers', { url: 'http://127.0.0.1:9', graphql: 'http://127.0.0.1:9/graphql' }, /not seen: /],
  ]) {
    it(`says ${what} that it saw nothing, and proposes the usual names`, async () => {
      const unseen = await shop.gate({ args: ARGS, env: USUAL, ...options });
      assert.equal(unseen.code, 0, unseen.log);
      assert.match(unseen.log, said);
      assert.doesNotMatch(unseen.log, /ghs_/);
      const { files, next } = shown(unseen.out);
      assert.match(next, /gh label create .*'production-bug'/);
      const form = assertForm(files['.github/ISSUE_TEMPLATE/production-bug.yml']);
      assert.equal(form.body[0].type, 'input');
    });
  }
});

describe('a repository of several products', () => {
  let shop, folder;
  const init = (...more) => shop.gate({ args: ['init', '--yes', '--timeout', '60s', '--preset', 'zero-critical', '--owner', '@acme/release', ...more], env: USUAL, cwd: folder });
  before(async () => {
    shop = await openShop();
    folder = await mkdtemp(join(tmpdir(), 'products-'));
    for (const name of ['area/api', 'area/web']) await shop.gh.admin('POST', `${REPO}/labels`, { name, color: 'ededed' });
    for (const [tag, at] of [['api-v1.0.0', '2026-03-01'], ['web-v2.0.0', '2026-03-02'], ['api-v1.1.0', '2026-03-05']]) await shop.release(tag, `${at}T10:00:00Z`);
    await mkdir(join(folder, 'web'));
    await writeFile(join(folder, 'web/package.json'), JSON.stringify({ devDependencies: { vitest: '3' } }));
  });
  after(() => Promise.all([shop.gh.close(), rm(folder, { recursive: true })]));

  // First: of a file that exists, `init` shows nothing.
  for (const kind of ['pull-request', 'publish']) {
    it(`gets a workflow for ${kind} that tests/action reads`, async () => {
      const { files } = shown((await shop.gate({ args: [...ARGS, '--workflow', kind], env: USUAL, cwd: folder })).out);
      const expected = new URL(`../action/fixtures/products/${kind}.yml`, import.meta.url);
      const found = files['.github/workflows/escape-gate.yml'].trimEnd() + '\n';
      if (process.env.UPDATE_EXPECTED) await writeFile(expected, found);
      assert.equal(found, await readFile(expected, 'utf8'), 'run this test with UPDATE_EXPECTED=1, and look at the difference');
    });
  }

  it('gets a gate for each of them, and each judges its own defects', async () => {
    const written = await init();
    assert.equal(written.code, 0, written.log);
    assert.match(written.log, /2 products: api \(api-v1\.1\.0\), web \(web-v2\.0\.0\)/);
    const read = async (path) => YAML.parse(await readFile(join(folder, path), 'utf8'));
    const { jobs: { gate } } = await read('.github/workflows/escape-gate.yml');
    assert.deepEqual(gate.strategy.matrix.product, ['api', 'web']);
    assert.equal(gate.steps.at(-1).with.policy, '.github/escape-gate-${{ matrix.product }}.yml');
    assert.match(gate.steps.find(({ id }) => id === 'test').run, /case "\$PRODUCT" in\n +web\)\n +\(cd web && npm ci\)/);
    assert.deepEqual((await read('.github/escape-gate-web.yml')).tests, { reports: ['web/junit.xml'] });
    assert.match(await readFile(join(folder, '.github/CODEOWNERS'), 'utf8'), /^\/\.github\/escape-gate-api\/ @acme\/release$/m);
    await shop.issue('Broken page', ['production-bug', 'sev/critical', 'area/web'], '2026-03-06T10:00:00Z', '### Version\n\nweb-v2.0.0\n');
    const verdict = (product) => shop.gate({ args: ['check', '--verbose', '--candidate', 'main'], env: { ESCAPE_GATE_POLICY: `.github/escape-gate-${product}.yml` }, cwd: folder });
    const [api, web] = [await verdict('api'), await verdict('web')];
    assert.deepEqual([api.code, web.code], [0, 10], api.out + api.log + web.out + web.log);
    assert.match(api.out, /of another product/, api.out);
  });

  it('publishes one product at a time, and keeps no other product waiting', async () => {
    const { files } = shown((await shop.gate({ args: [...ARGS, '--workflow', 'publish'], env: USUAL, cwd: folder })).out);
    const { on, jobs: { test, gate } } = YAML.parse(files['.github/workflows/escape-gate.yml']);
    assert.deepEqual(on.workflow_dispatch.inputs.product.options, ['api', 'web']);
    // Of two runs that wait in one group, GitHub cancels the older one.
    assert.equal(gate.concurrency, 'publish-${{ inputs.product }}');
    assert.equal(gate.steps.at(-1).with.policy, '.github/escape-gate-${{ inputs.product }}.yml');
    assert.deepEqual(test.steps.at(1).env, { PRODUCT: '${{ inputs.product }}' });
  });

  it('gets one policy for the product that is named', async () => {
    const one = await shop.gate({ args: [...ARGS, '--product', 'api'], env: USUAL });
    const { files } = shown(one.out);
    const policy = YAML.parse(files['.github/escape-gate.yml']);
    assert.deepEqual([policy.product, policy.releases.tags], ['api', '{product}-{version}']);
    const form = YAML.parse(files['.github/ISSUE_TEMPLATE/production-bug.yml']);
    assert.deepEqual(form.body[0].attributes.options.slice(0, -1), ['api-v1.1.0', 'api-v1.0.0']);
    const unknown = await shop.gate({ args: [...ARGS, '--product', 'shop'], env: USUAL });
    assert.deepEqual([unknown.code, /unknown product `shop`: the tags name api \(api-v1\.1\.0\), web/.test(unknown.log)], [2, true], unknown.log);
  });
});
