// Reports for other tools, read by tools that are not ours: the example, every other scenario, and hostile text.
// `cargo test --test hostile_text` writes the hostile documents.

import assert from 'node:assert/strict';
import {execFile, spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import {makeBadge} from 'badge-maker';
import {validateXML} from 'xmllint-wasm';

import {openBrowser} from './browser.mjs';
import {python} from './python-tools.mjs';

const AdaptiveCards = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = process.env.ESCAPE_GATE_BIN ?? join(ROOT, 'target/debug/escape-gate');
const FORMATS = ['sarif', 'junit', 'csv', 'openmetrics', 'badge', 'shields', 'slack', 'teams', 'codequality'];

const folder = mkdtempSync(join(tmpdir(), 'escape-gate-formats-'));
after(() => rmSync(folder, {recursive: true, force: true}));

const contract = (name) => readFileSync(new URL(`contract/${name}`, import.meta.url), 'utf8');

/** Scenarios of every verdict, and the example. */
const scenarios = [
  'demo',
  ...readdirSync(join(ROOT, 'fixtures'), {withFileTypes: true})
    .filter((entry) => entry.isDirectory() && /-(passes|warns|fails|is-unknown)$/.test(entry.name))
    .map((entry) => `fixtures/${entry.name}`).sort().filter((_, at) => at % 4 === 0),
];

/** Evaluates a scenario once and returns its outputs by format. */
function evaluate(scenario) {
  const files = FORMATS.map((format) => [format, join(folder, `${scenario.replaceAll('/', '-')}.${format}`)]);
  const outputs = files.flatMap(([format, path]) => ['--output', `${format}=${path}`]);
  const args = ['check', '--policy', 'policy.yml', '--snapshot', 'snapshot.json', '--now', '2026-12-01', '--format', 'json', ...outputs];
  return new Promise((resolve, reject) => {
    execFile(PROGRAM, args, {cwd: join(ROOT, scenario), env: {}, maxBuffer: 1 << 28}, (error, stdout, stderr) => {
      if (error && ![3, 10].includes(error.code)) return reject(new Error(`${scenario}: ${stderr}`));
      resolve({scenario, report: JSON.parse(stdout), ...Object.fromEntries(files.map(([format, path]) => [format, readFileSync(path, 'utf8')]))});
    });
  });
}

const evaluated = [];
for (const scenario of scenarios) evaluated.push(await evaluate(scenario));

/** Returns all documents of a format: of the scenarios, then the hostile ones. */
function documents(format) {
  const path = join(ROOT, 'target/hostile/formats', `${format}.json`);
  let hostile;
  try {
    hostile = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is not there; run \`cargo test --test hostile_text\` first`, {cause});
  }
  assert.ok(hostile.length > 200, `${hostile.length} documents`);
  return [...evaluated.map((one) => one[format]), ...hostile];
}

/** Compiles a JSON Schema, and returns a function that fails with the errors. */
function validator(schema, options = {}) {
  const ajv = new Ajv({allErrors: true, strict: false, ...options});
  addFormats(ajv);
  const accepts = ajv.compile(schema);
  return (value) => assert.ok(accepts(value), JSON.stringify(accepts.errors?.slice(0, 3)));
}

test('there are scenarios of every verdict', () => {
  for (const verdict of ['pass', 'warn', 'fail', 'unknown']) {
    assert.ok(evaluated.some(({report}) => report.verdict === verdict), verdict);
  }
});

test('SARIF is valid, and its results and rules fit one another', () => {
  // A pattern of the schema is no expression with the flag `u`.
  const validate = validator(JSON.parse(contract('sarif-2.1.0.schema.json')), {unicodeRegExp: false});
  assert.throws(() => validate({version: '2.1.0', runs: [{results: []}]}), /driver|tool/);
  for (const document of documents('sarif')) {
    const log = JSON.parse(document);
    validate(log);
    const [{tool: {driver: {rules}}, results}] = log.runs;
    const ids = rules.map(({id}) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const {ruleId, locations, partialFingerprints} of results) {
      assert.ok(ids.includes(ruleId), ruleId);
      assert.equal(locations.length, 1);
      assert.match(partialFingerprints.primaryLocationLineHash, /^[0-9a-f]{32}$/);
    }
    for (const {help, helpUri} of rules) assert.ok(help.text && new URL(helpUri));
  }
});

test('links of SARIF rules lead to a heading of the metrics page', () => {
  const headings = readFileSync(join(ROOT, 'docs/reference/metrics.md'), 'utf8').match(/^##? .*/gm)
    .map((line) => line.replace(/^#+ /, '').toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));
  for (const {sarif} of evaluated) {
    for (const {helpUri} of JSON.parse(sarif).runs[0].tool.driver.rules) {
      assert.match(helpUri, /\/docs\/reference\/metrics\.md#/);
      assert.ok(headings.includes(helpUri.split('#')[1]), helpUri);
    }
  }
});

test('every rule that does not pass is in SARIF and in the code quality report', () => {
  for (const {report, sarif, codequality, scenario} of evaluated) {
    const expected = report.rules.filter(({verdict}) => verdict !== 'pass').map(({id}) => id);
    const names = (list) => list.filter((id) => !id.startsWith('gap.'));
    assert.deepEqual(names(JSON.parse(sarif).runs[0].results.map(({ruleId}) => ruleId)), expected, scenario);
    assert.deepEqual(names(JSON.parse(codequality).map(({check_name}) => check_name)), expected, scenario);
  }
});

for (const [name, file] of [['Jenkins', 'junit-10.xsd'], ['Ant', 'ant-junit.xsd']]) {
  test(`JUnit XML is valid by the schema of ${name}`, async () => {
    const schema = [{fileName: file, contents: contract(file)}];
    const validate = (xml) => validateXML({xml, schema, initialMemoryPages: 2048, maxMemoryPages: 16384});
    const planted = await validate([{fileName: 'a.xml', contents: '<testsuites><testcase/></testsuites>'}]);
    assert.equal(planted.valid, false);
    // The schema of Ant is older than its skipped test cases.
    const fits = (contents) => name !== 'Ant' || !contents.includes('<skipped');
    const xml = documents('junit').filter(fits).map((contents, at) => ({fileName: `${at}.xml`, contents}));
    assert.ok(xml.length > 50, `${xml.length} documents`);
    const {valid, errors} = await validate(xml);
    assert.ok(valid, errors.slice(0, 3).map(({rawMessage}) => rawMessage).join('\n'));
  });
}

test('CSV is read by a strict reader, and no cell begins a formula', () => {
  const rows = JSON.parse(python(`
import csv, io, json
csv.field_size_limit(1 << 30)
tables = [list(csv.reader(io.StringIO(text, newline=''), strict=True)) for text in json.load(sys.stdin)]
print(json.dumps(tables))`, JSON.stringify(documents('csv'))));
  for (const [header, ...lines] of rows) {
    assert.equal(header.join(), 'number,title,url,state,severity,triaged,reported,found-in,introduced-in,status,affected-in,fixed-in,undecided-in,components,teams,rules');
    for (const line of lines) {
      assert.equal(line.length, header.length);
      assert.equal(line.find((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell)), undefined);
    }
  }
  for (const [at, {report}] of evaluated.entries()) {
    const titles = new Map(rows[at].slice(1).map(([number, title]) => [Number(number), title]));
    for (const {number, title} of report.defects) assert.equal(titles.get(number)?.replace(/^'/, ''), title);
  }
});

test('OpenMetrics is accepted by the strict parser of prometheus_client', () => {
  const parsed = JSON.parse(python(`
import json
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
def samples(text):
    families = list(parse(text))
    for family in families:
        assert family.type == 'gauge' and family.documentation, family
        keys = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
        assert len(keys) == len(set(keys)) and keys, family.name
    return [[s.name, s.labels, s.value] for f in families for s in f.samples]
print(json.dumps([samples(text) for text in json.load(sys.stdin)]))
try:
    list(parse('a 1\\n'))
    raise SystemExit('a text without an end is accepted')
except ValueError:
    pass`, JSON.stringify(documents('openmetrics'))));
  for (const [at, {report, scenario}] of evaluated.entries()) {
    const value = (name, labels) => parsed[at].find(([found, all]) => found === name && Object.entries(labels).every(([key, text]) => all[key] === text))?.[2];
    assert.equal(value('escape_gate_verdict', {verdict: report.verdict}), 1, scenario);
    for (const {id, metric, value: measured} of report.rules) {
      const name = `escape_gate_${metric.replaceAll(/[-.]/g, '_').replace(/_total$/, '')}`;
      const expected = measured?.ratio ? measured.ratio.numerator / measured.ratio.denominator : measured?.duration?.['median-seconds'] ?? measured?.count;
      const unit = measured?.ratio ? '_ratio' : measured?.duration ? '_seconds' : '';
      // What was not measured is absent.
      assert.equal(value(`${name}${unit}`, {rule: id}), expected, `${scenario}: ${id}`);
    }
  }
});

test('promtool has nothing against the metrics', () => {
  const check = (input) => spawnSync('promtool', ['check', 'metrics'], {input, encoding: 'utf8'});
  const planted = check('# TYPE a counter\na 1\n');
  assert.ok(!planted.error, 'promtool is missing. Install it: apt-get install prometheus');
  assert.notEqual(planted.status, 0);
  for (const document of documents('openmetrics').slice(0, evaluated.length + 40)) {
    const {status, stdout, stderr} = check(document);
    assert.equal(status, 0, stdout + stderr);
  }
});

test('shields.io can draw the endpoint badge', () => {
  for (const document of documents('shields')) {
    const {schemaVersion, ...badge} = JSON.parse(document);
    assert.equal(schemaVersion, 1);
    // The library refuses unknown keys and other types.
    assert.match(makeBadge(badge), /^<svg /);
    assert.ok(badge.message);
  }
  assert.throws(() => makeBadge({label: 'a', message: 'b', schema: 1}));
});

test('badge is an image with a name, its text fits and nothing in it is markup', async () => {
  const browser = await openBrowser();
  try {
    const tab = await browser.newPage();
    const problems = await tab.evaluate((badges) => badges.flatMap((badge) => {
      const parsed = new DOMParser().parseFromString(badge, 'image/svg+xml');
      const svg = parsed.documentElement;
      const names = [...parsed.querySelectorAll('*')].map(({tagName}) => tagName).join();
      if (names !== 'svg,title,rect,rect,g,text,text') return [`${names}: ${badge}`];
      const name = svg.querySelector('title').textContent;
      if (!name || svg.getAttribute('aria-label') !== name || svg.getAttribute('role') !== 'img') return [badge];
      document.body.replaceChildren(document.importNode(svg, true));
      const [left, right] = [...document.querySelectorAll('rect')].map((rect) => rect.getBBox());
      const [label, message] = [...document.querySelectorAll('text')].map((text) => text.getBBox());
      const fits = label.x >= left.x && label.x + label.width <= left.x + left.width && message.x >= right.x && message.x + message.width <= right.x + right.width;
      // A combining mark may be larger than its letter.
      return fits || /\p{M}/u.test(name) ? [] : [`text does not fit: ${badge}`];
    }), documents('badge'));
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

test('Slack accepts the message within its limits', () => {
  python(`
import json
from slack_sdk.models.blocks import Block
def without_none(value):
    if isinstance(value, dict):
        return {key: without_none(one) for key, one in value.items() if one is not None}
    return [without_none(one) for one in value] if isinstance(value, list) else value
for text in json.load(sys.stdin):
    message = json.loads(text)
    assert 0 < len(message['blocks']) <= 50 and 0 < len(message['text']) <= 3000
    blocks = [Block.parse(block) for block in message['blocks']]
    # Each block checks its own limits, and keeps every key that it knows.
    assert [without_none(block.to_dict()) for block in blocks] == message['blocks'], text
    for block in message['blocks']:
        for item in [block.get('text'), *block.get('fields', []), *block.get('elements', [])]:
            assert item is None or 0 < len(item['text']) <= 2000, item
try:
    Block.parse({'type': 'header', 'text': {'type': 'plain_text', 'text': 'x' * 151}}).to_dict()
    raise SystemExit('a header that is too long is accepted')
except Exception as error:
    assert '150' in str(error), error`, JSON.stringify(documents('slack')));
});

test('Adaptive Cards reads the card of version 1.5 without a remark', () => {
  const read = (content) => {
    const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
    const card = new AdaptiveCards.AdaptiveCard();
    card.parse(content, context);
    const remarks = Array.from({length: context.eventCount}, (_, at) => context.getEventAt(at).message);
    return [...remarks, ...card.validateProperties().validationEvents.map(({message}) => message)];
  };
  assert.notDeepEqual(read({type: 'AdaptiveCard', version: '1.5', body: [{type: 'RichTextBlok'}]}), []);
  for (const document of documents('teams')) {
    const {type, attachments: [attachment, ...others]} = JSON.parse(document);
    assert.deepEqual([type, attachment.contentType, others], ['message', 'application/vnd.microsoft.card.adaptive', []]);
    assert.deepEqual(read(attachment.content), []);
    assert.ok(Buffer.byteLength(document) <= 28_000, 'Teams refuses more than 28 kB');
  }
});

test('code quality report has what GitLab requires', () => {
  // From GitLab's documentation of the format; there is no published schema.
  const text = {type: 'string', minLength: 1};
  const validate = validator({
    type: 'array',
    items: {
      type: 'object',
      required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {
        // The policy refuses an empty id; a hostile report of the tests may have one.
        description: text, check_name: {type: 'string'}, fingerprint: text,
        severity: {enum: ['info', 'minor', 'major', 'critical', 'blocker']},
        location: {
          type: 'object', required: ['path', 'lines'],
          properties: {path: {...text, not: {pattern: '^\\./'}}, lines: {type: 'object', required: ['begin'], properties: {begin: {type: 'integer', minimum: 1}}}},
        },
      },
    },
  });
  for (const document of documents('codequality')) {
    const entries = JSON.parse(document);
    validate(entries);
    assert.equal(new Set(entries.map(({fingerprint}) => fingerprint)).size, entries.length);
  }
});
