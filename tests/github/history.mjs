// A real repository in a folder, with a defect, for tests of where it came from.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file without a defect. */
export const CODE = ['int total(int *prices, int n)', '{', '    int sum = 0;', '    for (int i = 0; i < n; i++)', '        sum += prices[i];', '    return sum;', '}', ''].join('\n');
/** The same with a defect. */
export const WRONG = CODE.replace('i < n', 'i <= n');

/** A repository in a folder of its own, a commit a day. */
class History {
  day = 0;

  static async open() {
    const history = new History();
    history.folder = await mkdtemp(join(tmpdir(), 'history-'));
    history.git('init', '--quiet', '--initial-branch=main');
    return history;
  }

  git(...args) {
    const date = new Date(Date.UTC(2026, 0, 1 + this.day)).toISOString();
    const env = { PATH: process.env.PATH, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'protocol.file.allow=always'];
    return execFileSync('git', ['-C', this.folder, ...who, ...args], { env, encoding: 'utf8' }).trim();
  }

  async change(path, text, message) {
    this.day += 1;
    await writeFile(join(this.folder, path), text);
    this.git('add', '--all');
    this.git('commit', '--quiet', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  close() {
    return rm(this.folder, { recursive: true });
  }
}

/** A defect of v3.1.0 in `total.c`, and other work in v3.2.0. */
export async function withDefect() {
  const history = await History.open();
  await history.change('total.c', CODE, 'Add totals');
  history.git('tag', 'v3.0.0');
  const guilty = await history.change('total.c', WRONG, 'Count the last item');
  history.git('tag', 'v3.1.0');
  await history.change('other.c', 'int other;\n', 'Add another');
  history.git('tag', 'v3.2.0');
  return { history, guilty };
}
