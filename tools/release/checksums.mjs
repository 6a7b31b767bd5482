// `action/checksums.txt`: the version of a release, the address of its files, and their SHA-256.

import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

import {programsIn} from './targets.mjs';

/** The only file that the commit of a release adds to the commit it was built from. */
export const CHECKSUMS = 'action/checksums.txt';

/** The SHA-256 of a file in hexadecimal. */
export async function sha256(path) {
  return createHash('sha256').update(await readFile(path)).digest('hex');
}

/** The text of `checksums.txt` for the programs in a folder. `base` is the address above the versions. */
export async function checksumsText(folder, tag, base) {
  const lines = [
    '# The release that this commit of the action runs: its version, where its files are, and the SHA-256 of each of them.',
    '# Written by the release workflow.',
    `version ${tag}`,
    `from ${base}`,
  ];
  for (const name of await programsIn(folder, tag)) {
    lines.push(`${await sha256(join(folder, name))}  ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Returns `true` if a text of `checksums.txt` names a release. */
export function namesRelease(text) {
  return /^version /m.test(text);
}
