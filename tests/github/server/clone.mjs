// A repository whose history is a real one: what the emulator cannot tell of commits is asked of `git`.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

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
}

const utc = (date) => new Date(date).toISOString().replace('.000Z', 'Z');
