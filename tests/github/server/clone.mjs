// A repository whose history is a real one: what the emulator cannot tell of commits is asked of `git`.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { notFound, refuse, reply } from './reply.mjs';

const run = promisify(execFile);
const EMPTY = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** A folder with a repository. */
export class Clone {
  constructor(folder, merges) {
    this.folder = folder;
    this.merges = merges; // number of a pull request → the commit that it came in by
  }

  /** What `git` writes; undefined where it refuses. */
  async git(...args) {
    try {
      const { stdout } = await run('git', ['-C', this.folder, '-c', 'core.quotePath=false', ...args], { encoding: 'buffer', maxBuffer: 1 << 28 });
      return stdout;
    } catch {
      return undefined;
    }
  }

  async text(...args) {
    return (await this.git(...args))?.toString();
  }

  /** The commit that a name leads to, or undefined. */
  async commit(name) {
    const sha = (await this.text('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`))?.trim();
    if (!sha) return undefined;
    const shown = await this.text('show', '-s', '--date=iso-strict', '--format=%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B', sha);
    const [tree, parents, author, email, authored, committer, address, committed, message] = shown.split('\0');
    return {
      sha, tree, parents: parents.split(' ').filter(Boolean), message: message.replace(/\n+$/, ''),
      author: { name: author, email, date: utc(authored) }, committer: { name: committer, email: address, date: utc(committed) },
    };
  }

  /** The tags, each with the commit it leads to. */
  async tags() {
    const shown = await this.text('for-each-ref', 'refs/tags', '--format=%(refname:strip=2)');
    const names = shown.split('\n').filter(Boolean);
    return Promise.all(names.map(async (name) => ({ name, commit: await this.commit(`refs/tags/${name}`) })));
  }

  /** The runs of lines of a file at a commit, and who wrote them; undefined where there is no such file. */
  async blame(sha, path) {
    const shown = await this.text('blame', '--line-porcelain', sha, '--', path);
    if (shown === undefined) return undefined;
    const ranges = [];
    for (const [, commit, line] of shown.matchAll(/^([0-9a-f]{40}) \d+ (\d+)/gm)) {
      const last = ranges.at(-1);
      if (last?.commit === commit) last.endingLine = Number(line);
      else ranges.push({ commit, startingLine: Number(line), endingLine: Number(line) });
    }
    return ranges;
  }

  /** What a commit changes against its first parent, as GitHub lists it. */
  async files(sha, parent = EMPTY) {
    const fields = (await this.text('diff', '-r', '-M', '-z', '--no-abbrev', '--raw', parent, sha)).split('\0').slice(0, -1);
    const files = [];
    while (fields.length) {
      const [, , , blob, status] = fields.shift().split(' ');
      const before = fields.shift();
      files.push({ before, path: 'RC'.includes(status[0]) ? fields.shift() : before, blob, status: STATUS[status[0]] });
    }
    return Promise.all(files.map((file) => this.#file(file, parent, sha)));
  }

  async #file({ before, path, blob, status }, parent, sha) {
    const both = ['-M', parent, sha, '--', before, path];
    const counts = (await this.text('diff', '--numstat', ...both)).split('\t').map(Number);
    const [additions, deletions] = [counts[0] || 0, counts[1] || 0];
    const patch = await this.text('diff', ...both);
    const start = patch.search(/^@@ /m);
    return {
      sha: blob, filename: path, status, additions, deletions, changes: additions + deletions,
      ...(status === 'renamed' ? { previous_filename: before } : {}), ...(start < 0 ? {} : { patch: patch.slice(start).replace(/\n$/, '') }),
    };
  }
}

const STATUS = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', C: 'copied', T: 'changed' };
const utc = (date) => new Date(date).toISOString().replace('.000Z', 'Z');

// Each: [pattern below /repos/{owner}/{repo}, handler(request, clone, ...captures)].
const ROUTES = [
  [/^\/commits\/([^/]+)$/, commit],
  [/^\/compare\/(.+)\.\.\.(.+)$/, compare],
  [/^\/contents\/(.+)$/, contents],
];

/** Answers a read of a repository that is a clone; undefined for what the emulator answers. */
export function fromClone(request, below) {
  const clone = request.world.clones.get(request.repo);
  if (!clone || request.method !== 'GET') return undefined;
  for (const [pattern, handler] of ROUTES) {
    const match = pattern.exec(below);
    if (match) return handler(request, clone, ...match.slice(1).map(decodeURIComponent));
  }
  return undefined;
}

async function commit(request, clone, ref) {
  const found = await clone.commit(ref);
  if (!found) return refuse(422, `No commit found for SHA: ${ref}`);
  const files = await clone.files(found.sha, found.parents[0]);
  return reply(200, { ...shape(request, found), stats: {}, files: files.map((file) => entry(request, found.sha, file)) });
}

async function compare(request, clone, base, head) {
  const [from, to] = [await clone.commit(base), await clone.commit(head)];
  const merged = from && to && (await clone.text('merge-base', from.sha, to.sha))?.trim();
  if (!merged) return notFound();
  const status = from.sha === to.sha ? 'identical' : merged === from.sha ? 'ahead' : merged === to.sha ? 'behind' : 'diverged';
  const count = async (range) => Number(await clone.text('rev-list', '--count', range));
  const url = `${request.baseUrl}/repos/${request.repo}/compare/${base}...${head}`;
  const ahead = await count(`${from.sha}..${to.sha}`);
  const isFirst = Number(request.url.searchParams.get('page') ?? 1) === 1;
  const ids = isFirst ? (await clone.text('rev-list', '--reverse', `${from.sha}..${to.sha}`)).split('\n').filter(Boolean) : [];
  const commits = await Promise.all(ids.map(async (id) => shape(request, await clone.commit(id))));
  return reply(200, {
    url, html_url: url, permalink_url: url, diff_url: url, patch_url: url, base_commit: shape(request, from),
    merge_base_commit: shape(request, await clone.commit(merged)), status, ahead_by: ahead, behind_by: await count(`${to.sha}..${from.sha}`),
    total_commits: ahead, commits, files: [],
  });
}

async function contents(request, clone, path) {
  const object = `${request.url.searchParams.get('ref') ?? 'HEAD'}:${path}`;
  const bytes = await clone.git('cat-file', 'blob', object);
  if (!bytes) return notFound();
  const url = `${request.baseUrl}/repos/${request.repo}/contents/${encodeURIComponent(path)}`;
  return reply(200, {
    type: 'file', name: path.split('/').at(-1), path, sha: (await clone.text('rev-parse', object)).trim(), size: bytes.length,
    url, html_url: url, git_url: url, download_url: url, _links: { self: url, git: url, html: url },
    encoding: 'base64', content: bytes.toString('base64'),
  });
}

function shape({ baseUrl, repo }, { sha, tree, parents, message, author, committer }) {
  const at = (kind, id) => `${baseUrl}/repos/${repo}/${kind}/${id}`;
  return {
    sha, node_id: `C_${sha}`, url: at('commits', sha), html_url: at('commits', sha), comments_url: at('commits', sha), author: null, committer: null,
    commit: { author, committer, message, comment_count: 0, url: at('git/commits', sha), tree: { sha: tree, url: at('git/trees', tree) } },
    parents: parents.map((parent) => ({ sha: parent, url: at('commits', parent), html_url: at('commits', parent) })),
  };
}

function entry({ baseUrl, repo }, sha, file) {
  const url = `${baseUrl}/repos/${repo}/contents/${encodeURIComponent(file.filename)}?ref=${sha}`;
  return { ...file, blob_url: url, raw_url: url, contents_url: url };
}
