// The comment in a browser: its height, its width on a telephone, and whether the pictures of it are those of today.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

import {openBrowser} from './browser.mjs';
import {ROOT, commentOf, openComment} from './comment-view.mjs';

const FAIL = commentOf('demo');
const PASS = commentOf('fixtures/hotfix-passes');

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

/** The height of the comment and whether anything in it scrolls sideways. */
async function sizeOf(markdown, width, theme) {
  const page = await openComment(browser, markdown, width, theme);
  const size = await page.evaluate(() => ({
    height: document.querySelector('main').offsetHeight,
    wide: [...document.querySelectorAll('*')].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.tagName),
  }));
  await page.close();
  return size;
}

for (const theme of ['light', 'dark']) {
  for (const [name, markdown, width, most] of [
    ['failing', FAIL, 780, 560], ['failing', FAIL, 360, 900], ['passing', PASS, 780, 120], ['passing', PASS, 360, 200],
  ]) {
    test(`a ${name} comment of ${width} pixels is at most ${most} high (${theme})`, async () => {
      const {height, wide} = await sizeOf(markdown, width, theme);
      assert.ok(height <= most, `${height} pixels`);
      assert.deepEqual(wide, [], 'nothing scrolls sideways');
    });
  }
}

test('the first lines of the e-mail name the defect, its status and the next step', () => {
  const [verdict, cause, step] = FAIL.split('\n\n');
  assert.equal(verdict, '## ❌ v1.4.0 is blocked');
  assert.match(cause, /^Critical defect \[#101\]\(\S+\) \*\*Orders placed at midnight are lost\*\* is not fixed in it\.<br>affected: /);
  assert.match(step, /^\*\*To unblock:\*\* Merge a fix \(`Fixes #101`\)/);
  assert.ok(Buffer.byteLength(FAIL) <= 7_000, `${Buffer.byteLength(FAIL)} bytes`);
});

test('the pictures in docs show the comment of today', () => {
  assert.equal(readFileSync(join(ROOT, 'docs/comment-picture.md'), 'utf8'), FAIL, 'draw them again: cd tests/output && node draw-comment.mjs');
});
