// The platforms that a release has a program for, and the names of its files.

import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';

/** Targets as rustc names them. `action/install.sh` chooses one of them by the runner. */
export const TARGETS = [
  'x86_64-unknown-linux-musl',
  'aarch64-unknown-linux-musl',
  'x86_64-apple-darwin',
  'aarch64-apple-darwin',
  'x86_64-pc-windows-msvc',
  'aarch64-pc-windows-msvc',
];

/** The action refuses a larger download. */
const MOST_BYTES = 50 * 1024 * 1024;

/** The name of a release's file, for example `escape-gate-v0.1.0-x86_64-unknown-linux-musl`. */
export function programName(tag, target) {
  return `escape-gate-${tag}-${target}${target.includes('-windows-') ? '.exe' : ''}`;
}

/** The names of all programs of a release in a folder. Throws if one is missing, empty or too large, or if there is another. */
export async function programsIn(folder, tag) {
  const wanted = TARGETS.map((target) => programName(tag, target));
  const found = (await readdir(folder)).filter((name) => /^escape-gate-v/.test(name) && !/\.(whl|json|txt)$/.test(name));
  const problems = found.filter((name) => !wanted.includes(name)).map((name) => `${name} is no file of ${tag}`);
  for (const name of wanted) {
    const size = found.includes(name) ? (await stat(join(folder, name))).size : undefined;
    if (size === undefined) {
      problems.push(`${name} is missing`);
    } else if (size === 0 || size > MOST_BYTES) {
      problems.push(`${name} has ${size} bytes`);
    }
  }
  if (problems.length) {
    throw new Error(`the programs in ${folder} are not those of a release: ${problems.join('; ')}. Run the build job again.`);
  }
  return wanted;
}
