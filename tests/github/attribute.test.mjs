// Where a defect came from without a clone: by the API the same answer as from the clone, and no answer where something
// could not be read.
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CODE, WRONG, withDefect } from './history.mjs';
import { openShop } from './shop.mjs';

// Each makes the fix of a history with the defect, and returns its id.
const FIXES = {
  'a line that is changed back': (history) => history.change('total.c', CODE, 'Stay inside of the list'),
  'a fix that only adds': (history) => history.change('total.c', WRONG.replace('    for', '    if (n < 0)\n        return 0;\n    for'), 'Refuse a negative count'),
  'a fix that moves its file': async (history) => {
    history.git('mv', 'total.c', 'sum.c');
    return history.change('sum.c', CODE, 'Stay inside of the list');
  },
  'a fix of a file that was moved before': async (history) => {
    history.git('mv', 'total.c', 'sum.c');
    await history.change('more.c', 'int more;\n', 'Move it');
    return history.change('sum.c', CODE, 'Stay inside of the list');
  },
  'a fix among changes in blanks': (history) => history.change('total.c', CODE.replaceAll('    ', '\t').replace('int sum', 'int  sum'), 'Stay inside'),
  'a merge': async (history) => {
    history.git('checkout', '--quiet', '-b', 'side', 'v3.1.0');
    await history.change('total.c', CODE, 'Stay inside of the list');
    history.git('checkout', '--quiet', 'main');
    history.git('merge', '--quiet', '--no-ff', '--no-edit', 'side');
    return history.git('rev-parse', 'HEAD');
  },
  'a word of its author': (history, guilty) => history.change('total.c', CODE, `Stay inside\n\nFixes: ${guilty.slice(0, 10)} ("Count")`),
  'a word that names nothing': (history) => history.change('total.c', CODE, 'Stay inside\n\nFixes: 1234567\nIntroduced-by: abcdef0123'),
  'a picture and a file that is new': async (history) => {
    await writeFile(join(history.folder, 'logo.png'), Buffer.from([0, 1, 2, 0xff]));
    return history.change('new.c', 'int new_one;\n', 'Add a picture');
  },
  'a text that is no code': (history) => history.change('README.md', 'words\n', 'Explain'),
};

describe('without a clone', () => {
  let shop;
  before(async () => { shop = await openShop(); });
  after(() => shop.gh.close());
  beforeEach(async () => {
    await shop.gh.clearFaults();
    await shop.gh.forget();
    for (const resource of ['core', 'graphql']) await shop.gh.limit({ token: 'ghs_write', resource, remaining: 5000 });
  });

  const record = async (args) => {
    const run = await shop.gate({ args: ['attribute', ...args, '--format', 'json', '--timeout', '3s', '--retry-wait', '5ms'] });
    return { ...run, record: run.code === 0 ? JSON.parse(run.out) : undefined };
  };
  const byApi = (fix, more = []) => record([fix, '--from', 'api', ...more]);

  /** Makes a fix of the usual defect, hands it to a test, and clears up. */
  const onFix = async (make, test) => {
    const { history, guilty } = await withDefect();
    try {
      const fix = await make(history, guilty);
      history.git('tag', 'v3.3.0');
      await shop.gh.clone('acme/shop', history.folder);
      await test({ history, guilty, fix });
    } finally {
      await history.close();
    }
  };

  for (const [title, make] of Object.entries(FIXES)) {
    it(`answers as the clone does: ${title}`, () => onFix(make, async ({ history, fix }) => {
      for (const more of [[], ['--escaped'], ['--escaped', '--found-in', 'v3.1.0']]) {
        const clone = await record([fix, '--from', 'clone', '--clone', history.folder, ...more]);
        const api = await byApi(fix, more);
        assert.equal(api.code, 0, api.log);
        assert.deepEqual(api.record, clone.record);
      }
      assert.deepEqual(await shop.gh.violations(), []);
    }));
  }

  it('finds the commit and the release', () => onFix(FIXES['a line that is changed back'], async ({ fix, guilty }) => {
    const { record: { origin, affected, method } } = await byApi(fix, ['--escaped']);
    assert.deepEqual([origin.commit, origin.release, method, affected], [guilty, 'v3.1.0', 'blame', ['v3.1.0', 'v3.2.0']]);
  }));

  it('is not led astray by a maintenance branch', () => onFix(async (history, guilty) => {
    // Newer than the defect and without it: it went on from the release before.
    history.git('checkout', '--quiet', '-b', 'old', 'v3.0.0');
    for (let patch = 1; patch < 9; patch += 1) {
      await history.change('old.c', `int old = ${patch};\n`, `Maintain ${patch}`);
      history.git('tag', `v3.0.${patch}`);
    }
    history.git('checkout', '--quiet', 'main');
    const late = await history.change('total.c', WRONG.replace('sum = 0', 'sum = 1'), 'Begin with one');
    history.git('tag', 'v3.2.1');
    history.git('checkout', '--quiet', 'old');
    await history.change('old.c', 'int old = 9;\n', 'Maintain 9');
    history.git('tag', 'v3.0.9');
    history.git('checkout', '--quiet', 'main');
    assert.notEqual(guilty, late);
    return history.change('total.c', WRONG, 'Begin with nothing again');
  }, async ({ history, fix }) => {
    const clone = await record([fix, '--from', 'clone', '--clone', history.folder, '--escaped']);
    const api = await byApi(fix, ['--escaped']);
    assert.equal(api.record.origin.release, 'v3.2.1');
    assert.deepEqual(api.record, clone.record);
  }));

  it('takes a release that was published late for what it is', () => onFix(async (history) => {
    // The shop has releases of these names, of January and February.
    history.git('tag', 'v1.0.0', 'v3.0.0^{}');
    history.git('tag', 'v1.1.0', 'v3.1.0^{}');
    for (const tag of ['v3.0.0', 'v3.1.0']) history.git('tag', '--delete', tag);
    return history.change('total.c', CODE, 'Stay inside of the list');
  }, async ({ fix }) => {
    const { record: { origin } } = await byApi(fix);
    assert.deepEqual([origin.release, origin['released-at']], ['v1.1.0', '2026-02-10T10:00:00Z']);
  }));

  it('asks for each thing once', () => onFix(FIXES['a line that is changed back'], async ({ fix }) => {
    const { log } = await byApi(fix, ['--escaped', '--verbose']);
    const asked = await shop.gh.exchanges();
    const lines = asked.map(({ method, path, request }) => `${method} ${path} ${JSON.stringify(request ?? null)}`);
    assert.deepEqual(lines.filter((line, at) => lines.indexOf(line) !== at), []);
    assert.match(log, new RegExp(`read with ${lines.length} requests`));
    assert.ok(lines.length <= 15, `${lines.length} requests:\n${lines.join('\n')}`);
  }));

  const nothing = (run) => {
    assert.equal(run.code, 0, run.log);
    assert.deepEqual([run.record.origin, run.record.nothing, run.record.suggestions], [null, 'blame-failed', []]);
    assert.ok(run.record.unread.length, 'what was not read is named');
  };
  const blame = { method: 'POST', path: '^/graphql', operation: 'Blame', times: 'always' };
  const broken = {
    'a blame that takes too long': { ...blame, status: 504, body: '<html>Gateway Timeout</html>' },
    'a blame that is refused': { ...blame, status: 200, body: { data: { repository: { object: null } }, errors: [{ type: 'INTERNAL', path: ['repository', 'object', 'blame'], message: 'The file is too large' }] } },
    'a blame without the line': { ...blame, status: 200, body: { data: { repository: { object: { blame: { ranges: [] } } } } } },
    'a file that does not come': { method: 'GET', path: '/contents/', status: 404, body: { message: 'Not Found' }, times: 'always' },
    'a comparison that fails': { method: 'GET', path: '/compare/', status: 404, body: { message: 'Not Found' }, times: 'always' },
  };
  for (const [title, fault] of Object.entries(broken)) {
    it(`names nobody after ${title}`, () => onFix(FIXES['a line that is changed back'], async ({ fix }) => {
      await shop.gh.faults([fault]);
      nothing(await byApi(fix, ['--escaped']));
    }));
  }

  const commitOf = (fix, files) => ({
    sha: fix, parents: [{ sha: 'a'.repeat(40) }], files,
    commit: { message: 'Fix', author: { name: 'a', email: 'b' }, committer: { date: '2026-01-09T00:00:00Z' } },
  });
  const file = { filename: 'total.c', status: 'modified', additions: 1, deletions: 1, patch: '@@ -4 +4 @@\n-a\n+b' };
  const changes = {
    'is too large to be sent': { ...file, patch: undefined },
    'is cut off': { ...file, patch: '@@ -4,3 +4,3 @@\n-a' },
    'is shorter than it says': { ...file, deletions: 9 },
    'is no patch': { ...file, patch: 'Binary files differ' },
    'is of a kind that is not known': { ...file, status: 'teleported' },
  };
  for (const [title, change] of Object.entries(changes)) {
    it(`names nobody where a change ${title}`, () => onFix(FIXES['a line that is changed back'], async ({ fix }) => {
      await shop.gh.faults([{ method: 'GET', path: `/commits/${fix}`, status: 200, body: commitOf(fix, [change]), times: 'always' }]);
      const run = await byApi(fix);
      if (title.includes('kind')) assert.equal(run.code, 1, run.log);
      else nothing(run);
    }));
  }

  it('names nobody once the allowance of the hour runs low', () => onFix(FIXES['a line that is changed back'], async ({ fix }) => {
    await shop.gh.limit({ token: 'ghs_write', resource: 'core', remaining: 102 });
    const run = await byApi(fix, ['--escaped']);
    nothing(run);
    assert.match(run.record.unread.join('\n'), /only \d+ requests/);
  }));

  it('says of a commit that is not there that it is not', () => onFix(FIXES['a line that is changed back'], async () => {
    const run = await byApi('0123456789');
    assert.equal(run.code, 2);
    assert.match(run.log, /names no commit/);
  }));

  it('takes the server where the clone is shallow or is of something else, and says so', () => onFix(FIXES['a line that is changed back'], async ({ history, guilty, fix }) => {
    const shallow = `${history.folder}-shallow`;
    history.git('clone', '--quiet', '--depth=1', `file://${history.folder}`, shallow);
    const run = await record([fix, '--clone', shallow]);
    assert.match(run.log, /the clone is shallow; GitHub is asked instead/);
    assert.equal(run.record.origin.commit, guilty);
    const own = await record([fix, '--from', 'clone', '--clone', shallow]);
    assert.equal(own.record.nothing, 'shallow-clone');
    const deep = await record([fix, '--from', 'clone', '--clone', shallow, '--deepen']);
    assert.equal(deep.record.origin.commit, guilty);
    const nowhere = await record([fix]);
    assert.match(nowhere.log, /no git repository; GitHub is asked instead/);
    assert.equal(nowhere.record.origin.commit, guilty);
    await rm(shallow, { recursive: true });
  }));
});
