// A run that the runner stops leaves nothing behind: no folder, no half file, no comment.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openShop } from './shop.mjs';

describe('a run that is stopped', () => {
  let shop, folder;
  before(async () => {
    shop = await openShop();
    await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z');
  });
  after(() => shop.gh.close());
  beforeEach(async () => {
    await shop.gh.forget();
    folder = await mkdtemp(join(tmpdir(), 'stopped-'));
  });
  afterEach(async () => {
    await shop.gh.clearFaults();
    await rm(folder, { recursive: true });
  });

  it('removes its clone of the commits', async () => {
    await shop.gh.faults([{ method: 'POST', path: '/acme/shop.git/git-upload-pack', delayMs: 3000, times: 'always' }]);
    const run = await shop.gate({ env: { TMPDIR: folder }, stopWhen: () => readdirSync(folder).length > 0 });
    assert.deepEqual([run.code, run.signal, readdirSync(folder)], [null, 'SIGTERM', []], run.log);
    assert.deepEqual(await shop.writes(), []);
  });

  it('removes what it was about to put into the cache', async () => {
    await shop.gh.faults([{ method: 'POST', path: '/acme/shop.git/git-upload-pack', delayMs: 3000, times: 'always' }]);
    const history = join(folder, 'history');
    const clones = () => (existsSync(history) ? readdirSync(history) : []);
    const run = await shop.gate({ env: { ESCAPE_GATE_CACHE: folder }, stopWhen: () => clones().length > 0 });
    assert.deepEqual([run.signal, clones()], ['SIGTERM', []], run.log);
  });

  it('says what it could not write where nothing can be written', async () => {
    const run = await shop.gate({ env: { TMPDIR: join(folder, 'gone') } });
    assert.match(run.out, /cannot create a folder for the clone/);
    assert.equal(run.code, 3);
  });
});
