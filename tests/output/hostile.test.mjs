// Text that somebody else wrote, in what GitHub and its runner make of our output. `cargo test` writes the documents.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {parsePairs} from '../action/runner/command-files.mjs';
import {LineSplitter} from '../action/runner/script.mjs';
import {parseCommand} from '../action/runner/workflow-commands.mjs';
import {findingsOf, linksOf, render, skeletonOf} from './github.mjs';

const FOLDER = new URL('../../target/hostile/', import.meta.url);

/** The addresses of the issues and of the comment that the documents show. */
const ISSUES = Object.fromEntries([7, 377, 412, 413].map((number) => [`#${number}`, `https://github.com/acme/shop/issues/${number}`]));
// The comment by which somebody overrides a rule is a link of ours too.
ISSUES.comment = ISSUES['#413'];

const documents = JSON.parse(await read('documents.json'));
const addresses = JSON.parse(await read('addresses.json'));
const hostile = documents.filter(({group}) => group !== 'reference');

/** The documents without an attack, by variant: with nothing, with what shows as nothing, and with the word "harmless". */
const references = byVariant(documents.filter(({group}) => group === 'reference'));

async function read(name) {
  try {
    return await readFile(new URL(name, FOLDER), 'utf8');
  } catch (error) {
    throw new Error(`target/hostile/${name} is not there; run \`cargo test --test hostile_text\` first`, {cause: error});
  }
}

function byVariant(list) {
  const groups = new Map();
  list.forEach((entry) => groups.set(entry.variant, [...groups.get(entry.variant) ?? [], entry]));
  return groups;
}

/** Fails with everything that was found, and which text brought it. */
function nothing(all) {
  const problems = [...new Set(all)];
  assert.equal(problems.length, 0, `${problems.length} problems\n${problems.slice(0, 40).join('\n')}`);
}

const name = ({group: of, text, variant = ''}) => `${of ?? ''} ${JSON.stringify(text.slice(0, 70))} (${variant})`;

test('every text is there in every variant', () => {
  assert.ok(hostile.length >= 200 * references.size, `${hostile.length} documents`);
  assert.equal(references.size, 3);
});

test('no text brings or breaks an element, a link, a mention, a reference, an emoji or a formula', () => {
  const known = new Map([...references].map(([variant, list]) => {
    const trees = list.map(({markdown}) => render(markdown));
    return [variant, {skeletons: trees.map((tree) => skeletonOf(tree).join('\n')), findings: trees.flatMap(findingsOf)}];
  }));
  const problems = [];
  for (const document of hostile) {
    const {skeletons, findings} = known.get(document.variant);
    const tree = render(document.markdown);
    const skeleton = skeletonOf(tree).join('\n');
    // A document that was cut lacks its end, so there the elements are looked at alone.
    const cut = /^> Cut to fit the size limit|^- and \d+ more$/m.test(document.markdown);
    if (cut ? brings(skeleton, skeletons[0]) : !skeletons.includes(skeleton)) {
      problems.push(`${name(document)}: elements: ${firstDifference(skeletons, skeleton)}`);
    }
    linksOf(tree).filter(({href, text}) => ISSUES[text] !== href).forEach((link) => {
      problems.push(`${name(document)}: link: ${JSON.stringify(link)}`);
    });
    findingsOf(tree).filter((finding) => !findings.includes(finding)).forEach((finding) => {
      problems.push(`${name(document)}: ${finding}`);
    });
  }
  nothing(problems);
});

test('an address becomes the address of a link or nothing', () => {
  const [expected] = references.get('Fail Bare').filter(({text}) => text === 'harmless').map(({markdown}) => render(markdown));
  const problems = [];
  for (const document of addresses) {
    const tree = render(document.markdown);
    if (skeletonOf(tree).join('\n') !== skeletonOf(expected).join('\n')) {
      problems.push(`${name(document)}: elements`);
    }
    for (const {href, text} of linksOf(tree)) {
      const plain = /^https?:\/\/[a-z0-9.-]+(?::\d+)?(?:[/?#]|$)/i.test(href) && !/[\s<>"'`|\\@$]/.test(href);
      if (!Object.hasOwn(ISSUES, text) || !plain || href !== document.text) {
        problems.push(`${name(document)}: ${text} leads to ${href}`);
      }
    }
    const known = findingsOf(expected);
    problems.push(...findingsOf(tree).filter((finding) => !known.includes(finding)).map((finding) => `${name(document)}: ${finding}`));
  }
  nothing(problems);
});

test('no line of the printed reports is a command', () => {
  const problems = [];
  for (const document of documents) {
    commandsOf(document.log).forEach(({line}) => problems.push(`${name(document)}: ${line}`));
  }
  nothing(problems);
});

test('exactly our own annotations come out, with their text unchanged', () => {
  const problems = [];
  for (const document of hostile) {
    const known = references.get(document.variant).map(({annotations}) => commandsOf(annotations));
    const harmless = known.at(-1);
    const got = commandsOf(document.annotations);
    const lines = document.annotations.split('\n').length - 1;
    const levels = (commands) => commands.map(({command}) => command?.name).join();
    if (!known.map(levels).includes(levels(got)) || got.length !== lines) {
      problems.push(`${name(document)}: ${levels(got)}`);
      continue;
    }
    got.forEach(({command}, index) => {
      if (Object.keys(command.properties).some((key) => !['title', 'file', 'line'].includes(key))) {
        problems.push(`${name(document)}: ${JSON.stringify(command.properties)}`);
      }
      if (isPlain(document.text)) {
        const like = harmless[index].command;
        const expected = (text) => text.replaceAll('harmless', () => document.text);
        for (const [what, value, of] of [['message', command.data, like.data], ['title', command.properties.title, like.properties.title]]) {
          if (value !== expected(of)) {
            problems.push(`${name(document)}: ${what}: ${JSON.stringify(value)}, not ${JSON.stringify(expected(of))}`);
          }
        }
      }
    });
  }
  nothing(problems);
});

test('a step output ends where we end it', async () => {
  const values = JSON.parse(await read('outputs.json'));
  assert.ok(values.length >= 200);
  assert.deepEqual(parsePairs(await read('outputs.txt')), values.map((value) => ['value', value]));
});

/** What the runner takes for a command, line by line. */
function commandsOf(text) {
  const found = [];
  const lines = new LineSplitter((line) => {
    const command = parseCommand(line);
    if (command) {
      found.push({command, line});
    }
  });
  lines.push(text);
  lines.finish();
  return found;
}

/** Short printable text without a blank at its ends: nothing of it is cut or shown in another way. */
function isPlain(text) {
  return text.length > 0 && text.length <= 40 && text === text.trim() && !/[\p{Default_Ignorable_Code_Point}\u2800]/u.test(text) && /^(?:[\p{L}\p{N}\p{P}\p{S}\n]| (?!\n))+$/u.test(text);
}

/** Whether a skeleton has an element that another has not. */
function brings(skeleton, reference) {
  const known = new Set(reference.split('\n').map((line) => line.trim()));
  return skeleton.split('\n').some((line) => !known.has(line.trim()) && !/^(?:blockquote|p)$/.test(line.trim()));
}

function firstDifference(skeletons, skeleton) {
  const [expected, got] = [skeletons.at(-1).split('\n'), skeleton.split('\n')];
  const at = got.findIndex((line, index) => line !== expected[index]);
  return `${got.length} for ${expected.length}; at ${at}: ${got[at]} for ${expected[at]}`;
}
