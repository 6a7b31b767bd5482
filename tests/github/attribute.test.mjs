// Where a defect came from without a checkout: a clone of the server's commits gives the same answer as a whole clone.
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
  const byServer = (fix, more = []) => record([fix, '--from', 'server', ...more]);

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
        const server = await byServer(fix, more);
        assert.equal(server.code, 0, server.log);
        assert.deepEqual(server.record, clone.record);
      }
      assert.deepEqual(await shop.gh.violations(), []);
    }));
  }

  it('finds the commit and the release', () => onFix(FIXES['a line that is changed back'], async ({ fix, guilty }) => {
    const { record: { origin, affected, method } } = await byServer(fix, ['--escaped']);
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
    const server = await byServer(fix, ['--escaped']);
    assert.equal(server.record.origin.release, 'v3.2.1');
    assert.deepEqual(server.record, clone.record);
  }));

  it('takes a release that was published late for what it is', () => onFix(async (history) => {
    // The shop has releases of these names, of January and February.
    history.git('tag', 'v1.0.0', 'v3.0.0^{}');
    history.git('tag', 'v1.1.0', 'v3.1.0^{}');
    for (const tag of ['v3.0.0', 'v3.1.0']) history.git('tag', '--delete', tag);
    return history.change('total.c', CODE, 'Stay inside of the list');
  }, async ({ fix }) => {
    const { record: { origin } } = await byServer(fix);
    assert.deepEqual([origin.release, origin['released-at']], ['v1.1.0', '2026-02-10T10:00:00Z']);
  }));

  it('asks the API for releases and tags only', () => onFix(FIXES['a line that is changed back'], async ({ fix }) => {
    await byServer(fix, ['--escaped']);
    const queries = (await shop.gh.exchanges()).map(({ request }) => request?.query?.split(/[ ({]/)[1]);
    assert.deepEqual([...new Set(queries)], ['Overview', 'Tags']);
  }));

  it('says why the repository could not be read', () => onFix(FIXES['a line that is changed back'], async ({ fix }) => {
    const run = await record([fix, '--from', 'server', '--repo', 'acme/nowhere']);
    assert.equal(run.code, 1, run.log);
    assert.match(run.log, /failed to read from GitHub: .*acme\/nowhere/);
  }));

  it('says of a commit that is not there that it is not', () => onFix(FIXES['a line that is changed back'], async () => {
    const run = await byServer('0123456789');
    assert.equal(run.code, 2);
    assert.match(run.log, /names no commit/);
  }));

  it('takes the server where the clone is shallow or is of something else, and says so', () => onFix(FIXES['a line that is changed back'], async ({ history, guilty, fix }) => {
    const shallow = `${history.folder}-shallow`;
    history.git('clone', '--quiet', '--depth=1', `file://${history.folder}`, shallow);
    const run = await record([fix, '--clone', shallow]);
    assert.match(run.log, /the clone is shallow; the commits are read from GitHub instead/);
    assert.equal(run.record.origin.commit, guilty);
    const own = await record([fix, '--from', 'clone', '--clone', shallow]);
    assert.equal(own.record.nothing, 'shallow-clone');
    const deep = await record([fix, '--from', 'clone', '--clone', shallow, '--deepen']);
    assert.equal(deep.record.origin.commit, guilty);
    const nowhere = await record([fix]);
    assert.match(nowhere.log, /no git repository; the commits are read from GitHub instead/);
    assert.equal(nowhere.record.origin.commit, guilty);
    await rm(shallow, { recursive: true });
  }));
});
