// A comment as GitHub shows it: its Markdown, in a column with GitHub's sizes and colors.

import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {micromark} from 'micromark';
import {gfm, gfmHtml} from 'micromark-extension-gfm';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PROGRAM = process.env.ESCAPE_GATE_BIN ?? join(ROOT, 'target/debug/escape-gate');

/** Text, background, border, link, code and stripe of GitHub's two themes. */
const THEMES = {
  light: ['#1f2328', '#ffffff', '#d1d9e0', '#0969da', '#818b981f', '#f6f8fa'],
  dark: ['#f0f6fc', '#0d1117', '#3d444d', '#4493f8', '#656c7633', '#151b23'],
};

/** The comment on a policy and a snapshot of a folder of the project. */
export function commentOf(folder) {
  const run = spawnSync(PROGRAM, ['check', '--policy', 'policy.yml', '--snapshot', 'snapshot.json', '--format', 'markdown'],
    {cwd: join(ROOT, folder), env: {}, encoding: 'utf8'});
  assert.ok([0, 10].includes(run.status), run.stderr);
  return run.stdout;
}

/** A document with the comment, `width` pixels wide in all. */
function documentOf(markdown, theme) {
  const [text, back, border, link, code, stripe] = THEMES[theme];
  const body = micromark(markdown, {allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()]});
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: ${back}; color: ${text}; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
    main { box-sizing: border-box; padding: 16px; border: 1px solid ${border}; border-radius: 6px; overflow-wrap: break-word; }
    main > :last-child { margin-bottom: 0 }
    h2 { font-size: 1.5em; line-height: 1.25; margin: 0 0 16px; padding-bottom: .3em; border-bottom: 1px solid ${border}; }
    p, ul, table, details { margin: 0 0 16px } ul { padding-left: 2em } a { color: ${link}; text-decoration: none }
    table { border-spacing: 0; border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto }
    th, td { padding: 6px 13px; border: 1px solid ${border} } tr:nth-child(2n) { background: ${stripe} }
    code { padding: .2em .4em; font: 85%/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: ${code}; border-radius: 6px }
    summary { cursor: pointer } sub { font-size: 75%; line-height: 0; vertical-align: -.25em }
  </style><main>${body}</main>`;
}

/** Opens the comment at a width in pixels. */
export async function openComment(browser, markdown, width, theme = 'light') {
  const page = await browser.newPage({viewport: {width, height: 400}, deviceScaleFactor: 2});
  await page.setContent(documentOf(markdown, theme));
  return page;
}
