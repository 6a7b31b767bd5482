// The looking itself: what is not escaped is found.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {findingsOf, linksOf, render, skeletonOf} from './github.mjs';

const ZERO_WIDTH_SPACE = '\u200b';

/** How many elements, links and findings a text brings into a list item. */
function brought(text) {
  const [plain, tree] = ['x', text].map((item) => render(`- ${item}\n`));
  return {
    elements: skeletonOf(tree).join() !== skeletonOf(plain).join(),
    links: linksOf(tree).length,
    findings: findingsOf(tree).map((finding) => finding.split(':')[0]),
  };
}

for (const [text, finding] of [
  ['@mona', 'mention'], ['@acme/release', 'mention'], ['see #1', 'issue'], ['acme/shop#1', 'issue'], ['GH-1', 'issue by GH-'],
  ['GHSA-2g98-x9qm-2mmv', 'advisory'], ['CVE-2021-44228', 'advisory'], ['deadbeefcafe', 'commit'], [':tada:', 'emoji'],
  ['$x$', 'formula'], ['\\@mona', 'mention'], ['&#64;mona', 'mention'], ['\\#1', 'issue'], ['mailto\\:x', 'address'],
]) {
  test(`${text} is found`, () => assert.ok(brought(text).findings.includes(finding)));
}

for (const text of ['[a](https://evil.example)', 'https://evil.example', 'www.evil.example', 'mona@evil.example', '<https://evil.example>']) {
  test(`${text} is a link`, () => assert.equal(brought(text).links, 1));
}

for (const text of [
  '<b>x</b>', '<!-- x -->', '</details>x<details>', '![a](https://evil.example/p.png)', '**x**', '~~x~~', '# x', '> x', '1. x', '[ ] x',
  'a  \n  b', '```\nx\n```', 'x\n\n---', '[^1]\n\n[^1]: x', '<span>x</span>', '<code class=x>y</code>', '<code><b>x</b></code>',
]) {
  test(`${JSON.stringify(text)} is an element`, () => assert.ok(brought(text).elements));
}

test('what is parted or is code brings nothing', () => {
  for (const text of [`@${ZERO_WIDTH_SPACE}mona`, `#${ZERO_WIDTH_SPACE}1`, '`@mona #1 deadbeefcafe :tada: $x$`', '<span>$</span>x<span>$</span>']) {
    assert.deepEqual(brought(text), {elements: false, links: 0, findings: []}, text);
  }
});
