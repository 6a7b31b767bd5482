// Draws the pictures of the demo's comment in `docs`, and keeps the Markdown that they show: `node draw-comment.mjs`.

import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {openBrowser} from './browser.mjs';
import {ROOT, commentOf, openComment} from './comment-view.mjs';

const markdown = commentOf('demo');
const browser = await openBrowser();
for (const theme of ['light', 'dark']) {
  const page = await openComment(browser, markdown, 780, theme);
  await page.locator('main').screenshot({path: join(ROOT, `docs/comment-${theme}.png`)});
}
await browser.close();
writeFileSync(join(ROOT, 'docs/comment-picture.md'), markdown);
