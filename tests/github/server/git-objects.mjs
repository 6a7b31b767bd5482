// Git's objects as bytes, and their ids: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
import { createHash } from 'node:crypto';

/** An object with its header, as Git hashes and stores it. */
export const framed = (type, bytes) => Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);

export const idOf = (whole) => createHash('sha1').update(whole).digest('hex');

/** A commit as `GET /git/commits/{sha}` shows it. */
export function commitBytes({ tree, parents, author, committer, message }) {
  const lines = [`tree ${tree.sha}`, ...parents.map(({ sha }) => `parent ${sha}`), `author ${identity(author)}`, `committer ${identity(committer)}`];
  return text(lines, message);
}

/** The entries of a tree as `GET /git/trees/{sha}` shows them. Git sorts a folder as if its name ended in a slash. */
export function treeBytes(entries) {
  const name = ({ type, path }) => Buffer.from(type === 'tree' ? `${path}/` : path);
  const ordered = [...entries].sort((a, b) => Buffer.compare(name(a), name(b)));
  return Buffer.concat(ordered.flatMap(({ mode, path, sha }) => [Buffer.from(`${mode.replace(/^0+/, '')} ${path}\0`), Buffer.from(sha, 'hex')]));
}

/** An annotated tag as `GET /git/tags/{sha}` shows it. */
export function tagBytes({ object, tag, tagger, message }) {
  return text([`object ${object.sha}`, `type ${object.type}`, `tag ${tag}`, `tagger ${identity(tagger)}`], message);
}

const text = (lines, message) => Buffer.from(`${lines.join('\n')}\n\n${message.endsWith('\n') ? message : `${message}\n`}`);

function identity({ name, email, date }) {
  const [, sign, hours, minutes] = /([+-])(\d{2}):?(\d{2})$/.exec(date) ?? [null, '+', '00', '00'];
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} ${sign}${hours}${minutes}`;
}
