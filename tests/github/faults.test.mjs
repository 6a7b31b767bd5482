// Every kind of request, with everything that can go wrong with it, once and for ever. Each cell states its outcome, and
// no cell passes with data missing or writes twice.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShop, payloadOf, REPO } from './shop.mjs';

const soon = () => String(Math.floor(Date.now() / 1000) + 1);
const html = { 'content-type': 'text/html' };
const spent = (reset) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

// What goes wrong: what the server does, and whether it passes by itself.
const FAULTS = {
  '401': { fault: { status: 401, body: { message: 'Bad credentials' } } },
  '403 without permission': { fault: { status: 403, body: { message: 'Resource not accessible by integration' } } },
  '403 primary limit': { passes: true, fault: () => ({ status: 403, headers: spent(soon()), body: { message: 'API rate limit exceeded for installation.' } }) },
  '403 secondary limit': { passes: true, fault: { status: 403, body: { message: SECONDARY } } },
  '404': { fault: { status: 404, body: { message: 'Not Found' } } },
  '410': { fault: { status: 410, body: { message: 'Gone' } } },
  '422': { fault: { status: 422, body: { message: 'Validation Failed' } } },
  '429 with retry-after': { passes: true, fault: { status: 429, headers: { 'retry-after': '1' }, body: { message: SECONDARY } } },
  '429 without retry-after': { passes: true, fault: { status: 429, body: { message: SECONDARY } } },
  '500': { passes: true, fault: { status: 500, body: { message: 'Server Error' } } },
  '502': { passes: true, fault: { status: 502, headers: html, body: '<html>Bad gateway</html>' } },
  '503': { passes: true, fault: { status: 503, body: { message: 'Service unavailable' } } },
  'no answer in time': { passes: true, fault: { delayMs: 1500 } },
  'connection cut': { passes: true, fault: { drop: 'before' } },
  'connection cut in the body': { passes: true, fault: { drop: 'mid-body' } },
  'truncated JSON': { passes: true, fault: { status: 200, body: '{"data": {"reposi' } },
  'another content type': { passes: true, fault: { status: 200, headers: html, body: '<html>Sign in</html>' } },
};
const PARTLY = { fault: { status: 200, body: { data: { repository: null }, errors: [{ type: 'INTERNAL', path: ['repository'], message: 'Boom' }] } } };
const LOST = { passes: true, fault: { status: 502, effect: true, body: { message: 'Bad gateway' } } };

// Requests that read. What is read in part is known to be, so it is never a pass.
const READS = {
  'the overview': { method: 'POST', path: '^/graphql', operation: 'Overview' },
  'the tickets': { method: 'POST', path: '^/graphql', operation: 'Tickets' },
  'the pull request': { method: 'POST', path: '^/graphql', operation: 'PullRequest' },
};

// Requests that publish. The verdict stands whatever happens; the text is written once, or the log says why not.
const COMMENT = {
  'the list of comments': { method: 'GET', path: '/issues/\\d+/comments' },
  'the new comment': { method: 'POST', path: '/issues/\\d+/comments', lost: true },
  'the look after the new comment': { method: 'POST', path: '^/graphql', operation: 'Authors' },
};
const STATUS = {
  'the commit status': { method: 'POST', path: '/statuses/', lost: true },
  'the list of statuses': { method: 'GET', path: '/statuses' },
};
// A comment that is gone by the time it is changed is looked for again.
const UPDATE = { 'the changed comment': { method: 'PATCH', path: '/issues/comments/', lost: true, instead: { 404: 'once', 410: 'once' } } };
const NOTES = {
  'the release by its tag': { method: 'GET', path: '/releases/tags/', instead: { 404: 'always', 410: 'always' } },
  'the release read again': { method: 'GET', path: '/releases/\\d+$' },
  'the changed notes': { method: 'PATCH', path: '/releases/\\d+$', lost: true },
};

// Once: time enough to recover. Always: it is lost anyway.
const PATIENCE = { 1: [4000, 10], always: [1500, 5] };
const patient = ([timeout, wait], pace = 1) => ['--timeout', `${timeout * pace}ms`, '--retry-wait', `${wait}ms`];

// A busy machine is late with answers that nothing is wrong with. A cell that failed and had to wait is tried again, with all
// of its times this many times as long; the last one counts.
const PACES = [1, 4, 12];
const SHOWN = { 1: 'once', always: 'always' };

/** Runs `cell(shop, fault, outcome)` for each request with each fault; one shop a request. */
function table(what, requests, cell) {
  for (const times of [1, 'always']) {
    for (const [name, request] of Object.entries(requests)) {
      describe(`${what}: ${name}, ${SHOWN[times]}`, { concurrency: 1 }, () => {
        let shop;
        before(async () => { shop = await shopWithHotfix(); });
        after(() => shop.gh.close());
        const { lost, instead = {}, ...where } = request;
        const faults = { ...FAULTS, ...(request.operation ? { 'an answer with errors': PARTLY } : {}), ...(lost ? { 'a lost answer': LOST } : {}) };
        for (const [title, { fault, passes = false }] of Object.entries(faults)) {
          const once = async (pace) => {
            shop.late = false;
            await shop.gh.clearFaults();
            for (const resource of ['core', 'graphql']) await shop.gh.limit({ token: 'ghs_write', resource, remaining: 1000 });
            await shop.gh.forget();
            // What took effect is found there, however often its answer is lost.
            const stands = lost && (fault.effect || fault.drop === 'mid-body');
            const recovers = times === 1 ? passes || Boolean(instead[title]) : stands || instead[title] === 'always';
            const made = typeof fault === 'function' ? fault() : fault;
            const slow = made.delayMs ? { delayMs: made.delayMs * pace } : {};
            await cell(shop, { ...where, times, ...made, ...slow }, recovers, patient(PATIENCE[times], pace));
            assert.deepEqual(await shop.gh.violations(), []);
          };
          it(title, async () => {
            for (const pace of PACES) {
              try {
                return await once(pace);
              } catch (error) {
                if (!shop.late || pace === PACES.at(-1)) throw error;
              }
            }
          });
        }
      });
    }
  }
}

/** A shop whose open critical defect the hotfix fixes: complete evidence passes, and nothing less does. */
async function shopWithHotfix() {
  const shop = await openShop();
  const run = shop.gate.bind(shop);
  shop.gate = async (options) => {
    const done = await run(options);
    shop.late ||= done.log.includes('no answer within') || /fetching the commits from \S+ was stopped/.test(done.out + done.log);
    return done;
  };
  const issue = await shop.issue('Orders are lost', ['production-bug', 'sev/critical'], '2026-02-20T10:00:00Z', 'Found-in: v1.1.0');
  shop.hotfix = await shop.pull('hotfix', `Fixes #${issue.number}`, '2026-02-21T10:00:00Z');
  return shop;
}

const gate = (shop, patience, more) => shop.gate({ event: 'pull_request', payload: payloadOf(shop.hotfix), args: ['check', ...patience], ...more });

/** Waits for requests that are still on their way when the program has given up. */
const landed = ({ delayMs }) => delayMs && sleep(delayMs);

/** One comment at most, and what was written is written once. */
async function comments(shop) {
  const found = await shop.comments(shop.hotfix.number);
  assert.ok(found.length <= 1, `${found.length} comments`);
  const created = (await shop.writes()).filter((line) => /^POST .* 201$/.test(line));
  assert.equal(new Set(created).size, created.length, `written twice: ${created}`);
  return found.length;
}

// Most of a cell is waiting, so several tables run at once.
describe('whatever goes wrong', { concurrency: 10 }, () => {
  table('what cannot be read is no pass', READS, async (shop, fault, recovers, patience) => {
    await shop.gh.faults([fault]);
    const run = await gate(shop, patience, { env: { ESCAPE_GATE_COMMENT: 'none' } });
    assert.equal(run.code, recovers ? 0 : 3, run.out + run.log);
    if (!recovers) assert.match(run.out, /could not be read|not found|read \d+ of|not visible/i, 'says what is missing');
    if (recovers && fault.status > 400) assert.match(run.log, /waiting \d|going on with/, 'says why it waits');
  });

  table('a comment is written once, or its refusal is said', COMMENT, async (shop, fault, recovers, patience) => {
    for (const { id } of await shop.comments(shop.hotfix.number)) await shop.gh.admin('DELETE', `${REPO}/issues/comments/${id}`);
    await shop.gh.forget();
    await shop.gh.faults([fault]);
    const run = await gate(shop, patience);
    assert.equal(run.code, 0, `the verdict stands: ${run.out}${run.log}`);
    assert.match(run.summary, /zero-critical/);
    await shop.gh.clearFaults();
    await landed(fault);
    const count = await comments(shop);
    if (recovers) assert.deepEqual([count, /could not be written/.test(run.log)], [1, false], run.log);
    else assert.match(run.log, /comment could not be written/);
  });

  table('a comment is changed, or its refusal is said', UPDATE, async (shop, fault, recovers, patience) => {
    if ((await shop.comments(shop.hotfix.number)).length === 0) await gate(shop, patient(PATIENCE[1]));
    const [{ id }] = await shop.comments(shop.hotfix.number);
    await shop.gh.admin('PATCH', `${REPO}/issues/comments/${id}`, { body: '<!-- escape-gate:policy.yml -->\nOld.' }, { token: 'ghs_write' });
    await shop.gh.forget();
    await shop.gh.faults([fault]);
    const run = await gate(shop, patience);
    assert.equal(run.code, 0, `the verdict stands: ${run.out}${run.log}`);
    await shop.gh.clearFaults();
    await landed(fault);
    assert.equal(await comments(shop), 1);
    if (recovers) assert.doesNotMatch(run.log, /could not be written/);
    else assert.match(run.log, /comment could not be written/);
  });

  table('a status is set once, or its refusal is said', STATUS, async (shop, fault, recovers, patience) => {
    const commit = await shop.commit(`src/${Math.random()}.txt`, '2026-02-21T11:00:00Z', 'hotfix');
    shop.hotfix = await shop.gh.admin('GET', `${REPO}/pulls/${shop.hotfix.number}`);
    await shop.gh.forget();
    await shop.gh.faults([fault]);
    const run = await gate(shop, patience, { env: { ESCAPE_GATE_COMMENT: 'none', ESCAPE_GATE_STATUS: 'true' } });
    assert.equal(run.code, 0, `the verdict stands: ${run.out}${run.log}`);
    await shop.gh.clearFaults();
    await landed(fault);
    const set = await shop.gh.admin('GET', `${REPO}/commits/${shop.hotfix.head.sha}/statuses`);
    assert.ok(set.length <= 1, `${set.length} statuses ${commit}`);
    if (recovers) assert.deepEqual(set.map(({ context, state }) => [context, state]), [['escape-gate/policy.yml', 'success']], run.log);
    else assert.match(run.log, /commit status could not be written/);
  });

  table('release notes are written once, or their refusal is said', NOTES, async (shop, fault, recovers, patience) => {
    const { id } = (await shop.gh.admin('GET', `${REPO}/releases`)).find(({ tag_name: tag }) => tag === 'v1.1.0');
    await shop.gh.admin('PATCH', `${REPO}/releases/${id}`, { body: 'Notes.\r\n' });
    await shop.gh.forget();
    await shop.gh.faults([fault]);
    const run = await shop.gate({ event: 'workflow_dispatch', args: ['check', '--release', 'v1.1.0', ...patience] });
    await shop.gh.clearFaults();
    await landed(fault);
    const notes = await shop.notes('v1.1.0');
    assert.ok(notes.startsWith('Notes.\r\n'), 'the rest stays');
    const blocks = (notes.match(/:begin -->/g) ?? []).length;
    assert.ok(blocks <= 1, notes);
    if (recovers) assert.deepEqual([blocks, /could not be written/.test(run.log)], [1, false], run.log);
    else assert.match(run.log, /release notes could not be written/);
  });
});
