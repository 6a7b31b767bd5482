// Markdown as GitHub shows it, as far as hostile text could matter: the parser, and the passes over the finished HTML.

import {execFileSync} from 'node:child_process';
import {micromark} from 'micromark';
import {gfm, gfmHtml} from 'micromark-extension-gfm';
import {parseFragment} from 'parse5';

/** Elements in whose text GitHub looks for nothing. */
const QUIET = ['a', 'code', 'pre', 'script', 'style', 'tt'];

/** What the passes over the text of the HTML would make something of. Wider than GitHub's own, never narrower. */
const PASSES = {
  mention: /@[a-z0-9]/gi,
  issue: /#\d/g,
  'issue by GH-': /\bgh-\d/gi,
  advisory: /\b(?:ghsa-[a-z0-9]|cve-\d)/gi,
  commit: /[0-9a-f]{7}/gi,
  emoji: /:[a-z0-9_+-]+:/gi,
  address: /\b(?:https?|ftp):\/\/|(?:^|[\s*_~(])www\.[^\s\u200b]|\b(?:mailto|xmpp):[^\s\u200b]/gi,
  mail: /[\w.+-]@[\w-]/g,
};

/**
 * Renders Markdown to a tree without removing anything: GitHub drops some elements afterwards, but what text from
 * elsewhere brings is not to depend on that. `ESCAPE_GATE_CMARK` names a cmark-gfm to render with instead.
 */
export function render(markdown) {
  const program = process.env.ESCAPE_GATE_CMARK;
  const html = program ? withProgram(program, markdown) : micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return parseFragment(html);
}

function withProgram(program, input) {
  const extensions = ['table', 'strikethrough', 'autolink', 'tasklist', 'footnotes'].flatMap((name) => ['-e', name]);
  return execFileSync(program, ['--unsafe', ...extensions], {input, encoding: 'utf8', maxBuffer: 1 << 26});
}

/** Every node below one, with its parent. */
export function* walk(node, parents = []) {
  for (const child of node.childNodes ?? []) {
    yield {node: child, parents: [...parents, node]};
    yield* walk(child, [...parents, node]);
  }
}

/** All text below a node. */
export function textOf(node) {
  return node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(textOf).join('');
}

/** Every link: where it leads and what it says. */
export function linksOf(tree) {
  const links = [...walk(tree)].filter(({node}) => node.nodeName === 'a');
  return links.map(({node}) => ({href: node.attrs.find(({name}) => name === 'href')?.value, text: textOf(node)}));
}

/**
 * What holds the text, without the text: every element and comment with its attributes, in order and depth.
 * Links, code and the element around a dollar sign are left out; they are looked at one by one.
 */
export function skeletonOf(tree) {
  const lines = [];
  const visit = (node, depth) => {
    let inside = depth;
    if (node.nodeName !== '#text' && !isPlain(node)) {
      const attributes = (node.attrs ?? []).map(({name, value}) => ` ${name}=${value}`).join('');
      lines.push(`${' '.repeat(depth)}${node.nodeName}${attributes}${node.data ?? ''}`);
      inside += 1;
    }
    (node.childNodes ?? []).forEach((child) => visit(child, inside));
  };
  tree.childNodes.forEach((node) => visit(node, 0));
  return lines;
}

/** A link; code without attributes that holds text alone; a dollar sign by itself. */
function isPlain(node) {
  const onlyText = node.childNodes?.every((child) => child.nodeName === '#text') && node.attrs?.length === 0;
  switch (node.nodeName) {
    case 'a': return true;
    case 'code': return onlyText;
    case 'span': return onlyText && textOf(node) === '$';
    default: return false;
  }
}

/** What the passes over the text would find, as `name: what`. */
export function findingsOf(tree) {
  const findings = [];
  for (const {node, parents} of walk(tree)) {
    if (node.nodeName !== '#text' || parents.some(({nodeName}) => QUIET.includes(nodeName))) {
      continue;
    }
    for (const [name, pattern] of Object.entries(PASSES)) {
      findings.push(...Array.from(node.value.matchAll(pattern), ([found]) => `${name}: ${found}`));
    }
    if (node.value.includes('$') && parents.at(-1).nodeName !== 'span') {
      findings.push(`formula: ${node.value.slice(0, 60)}`);
    }
  }
  return findings;
}
