// The emulator's repositories as bare Git repositories in a temporary folder. The emulator's ids are Git's own, so the
// objects only have to be written down. That is done when somebody fetches, and only for what is new.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { commitBytes, framed, idOf, tagBytes, treeBytes } from './git-objects.mjs';
import { allPulls } from './rest/pull-state.mjs';
import { testMerge } from './rest/merge.mjs';

export class GitStore {
  #root;
  #repos = new Map(); // repo → { folder, written: ids of objects, version }

  /** The folder of a repository, brought up to date. `request` needs what the handlers of REST need. */
  async folder(request) {
    const { repo, upstream } = request;
    const state = this.#state(repo);
    if (state.version !== upstream.version) {
      await this.#update(state, request);
      state.version = upstream.version; // a test merge that was written meanwhile is in already
    }
    return state.folder;
  }

  #state(repo) {
    if (!this.#root) {
      this.#root = fs.mkdtempSync(path.join(os.tmpdir(), 'local-github-'));
      process.once('exit', () => fs.rmSync(this.#root, { recursive: true, force: true }));
    }
    if (!this.#repos.has(repo)) {
      const folder = path.join(this.#root, `${repo}.git`);
      execFileSync('git', ['init', '--quiet', '--bare', '--object-format=sha1', '--template=', folder], { env: { PATH: process.env.PATH } });
      this.#repos.set(repo, { folder, written: new Set(), version: undefined });
    }
    return this.#repos.get(repo);
  }

  async #update(state, request) {
    const { repo, upstream } = request;
    const refs = new Map();
    for (const kind of ['heads', 'tags']) {
      for (const { ref, object } of (await upstream.read(`/repos/${repo}/git/matching-refs/${kind}/`)) ?? []) refs.set(ref, object.sha);
    }
    for (const pull of await allPulls(request)) {
      const merged = await testMerge(request, pull); // takes the commits of a fork in, too
      refs.set(`refs/pull/${pull.number}/head`, pull.head.sha);
      if (merged) refs.set(`refs/pull/${pull.number}/merge`, merged);
    }
    const source = { read: (kind, sha) => readObject(upstream, repo, kind, sha) };
    const lines = [];
    for (const ref of [...refs.keys()].sort()) {
      const peeled = await write(state, source, refs.get(ref));
      lines.push(`${refs.get(ref)} ${ref}`, ...(peeled === refs.get(ref) ? [] : [`^${peeled}`]));
    }
    const { default_branch: main } = await upstream.read(`/repos/${repo}`);
    replace(path.join(state.folder, 'HEAD'), `ref: refs/heads/${main}\n`);
    replace(path.join(state.folder, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${lines.map((line) => `${line}\n`).join('')}`);
  }
}

/** An object of the emulator, undefined if it has none of this kind. */
const readObject = (upstream, repo, kind, sha) => upstream.read(`/repos/${repo}/git/${kind}/${sha}`);

/** Writes what a ref points at, with all that it leads to; returns the commit. */
async function write(state, source, sha) {
  const tag = await source.read('tags', sha);
  if (tag) {
    store(state, sha, 'tag', tagBytes(tag));
    return write(state, source, tag.object.sha);
  }
  const waiting = [sha];
  while (waiting.length) {
    const id = waiting.pop();
    if (state.written.has(id)) continue;
    const commit = await source.read('commits', id);
    if (!commit) throw new Error(`no such commit: ${id}`);
    await writeTree(state, source, commit.tree.sha);
    store(state, id, 'commit', commitBytes(commit));
    waiting.push(...commit.parents.map((parent) => parent.sha));
  }
  return sha;
}

async function writeTree(state, source, sha) {
  if (state.written.has(sha)) return;
  const { tree } = await source.read('trees', sha);
  for (const { type, sha: id } of tree) {
    if (type === 'tree') await writeTree(state, source, id);
    else if (type === 'blob' && !state.written.has(id)) store(state, id, 'blob', Buffer.from((await source.read('blobs', id)).content, 'base64'));
  }
  store(state, sha, 'tree', treeBytes(tree));
}

/** A loose object. An id that is not Git's would be an object that nobody finds. */
function store({ folder, written }, sha, type, bytes) {
  const whole = framed(type, bytes);
  if (idOf(whole) !== sha) throw new Error(`the ${type} ${sha} of the emulator is ${idOf(whole)} for Git`);
  const file = path.join(folder, 'objects', sha.slice(0, 2), sha.slice(2));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  replace(file, zlib.deflateSync(whole, { level: 1 }));
  written.add(sha);
}

/** A reader sees the old file or the new one. */
function replace(file, content) {
  fs.writeFileSync(`${file}.new`, content);
  fs.renameSync(`${file}.new`, file);
}
