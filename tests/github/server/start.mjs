// What a test uses: a server in a process of its own, and the way to talk to it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ADMIN = 'local_admin';

/**
 * Starts a local GitHub with the repository acme/shop, or with what `seed` says (see server.mjs).
 * `clock`: where the server's time stands still. `record`: a file that gets every exchange as a JSON line.
 */
export async function startGitHub({ seed, clock, record } = {}) {
  const child = fork(fileURLToPath(new URL('./main.mjs', import.meta.url)), ['--child'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send({ seed, clock, record, adminToken: ADMIN });
  const [{ url, error }] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => [{ error: `the server ended with ${code}` }]),
  ]);
  if (error) throw new Error(error);
  child.channel.unref(); // a test that forgets close() still ends

  const control = async (method, path, body) => {
    const answer = await fetch(`${url}/_local${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${method} /_local${path}: ${value?.message ?? answer.status}`);
    return value;
  };

  return {
    url,
    graphqlUrl: `${url}/graphql`,

    /**
     * A request of the test's own; returns the body, throws when it is refused.
     * `now`: when it happens. `token`: for whom, default the administrator.
     */
    async admin(method, path, body, { now, token = ADMIN } = {}) {
      const headers = { authorization: `Bearer ${token}`, 'x-local-admin': 'yes', ...(now ? { 'x-local-now': now } : {}) };
      const answer = await fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : undefined;
    },

    /** Adds faults, see faults.mjs. */
    faults: (list) => control('POST', '/faults', list),
    clearFaults: () => control('DELETE', '/faults'),
    unusedFaults: () => control('GET', '/faults'),

    /** One line an exchange: 'PATCH /repos/acme/shop/issues/comments/1 200'. Without the test's own. */
    log: async () => (await control('GET', '/exchanges')).map(({ method, path, status }) => `${method} ${path} ${status}`),
    /** The same in full: method, path, request, status, response, requestHeaders, responseHeaders, fault. */
    exchanges: ({ admin = false } = {}) => control('GET', `/exchanges${admin ? '?admin' : ''}`),
    forget: () => control('DELETE', '/exchanges'),
    /** The requests of Git: method, path, token (whether one came), status, bytes, command, filter, wants. */
    gitLog: () => control('GET', '/git'),
    /** { filter: bool }: whether a fetch may leave trees and files out. */
    git: (values) => control('POST', '/git', values),
    /** Everything that does not fit GitHub's contract, as sentences; a test asserts that there is none. */
    violations: () => control('GET', '/violations'),

    /** Lets the clock stand at a time, or run with null. */
    clock: (time) => control('POST', '/clock', { time }),
    /** { token, resource: 'core' | 'graphql', remaining, resetIn? } */
    limit: (values) => control('POST', '/limits', values),
    /** { token, login, push?, permissions?, role?, association? }, for a login that exists. */
    token: (values) => control('POST', '/tokens', values),
    /** Hides parts of the GraphQL schema, as an older Enterprise Server lacks them: ['Issue.issueType', …]; none: all is there. */
    schemaWithout: (names = []) => control('POST', '/schema', { without: names }),
    /** { archived?, issues?, issueTypes?, issueFields? } */
    repository: (repo, values) => control('PATCH', `/repos/${repo}`, values),
    /** Takes commits and tags of a repository from a clone in a folder; `merges` says by which commit a pull request came in. */
    clone: (repo, folder, merges = {}) => control('PUT', `/repos/${repo}/clone`, { folder, merges }),
    /** { type?, fields?, duplicateOf?, stateReason?, locked?, lockReason?, now? } */
    issue: (repo, number, values) => control('PATCH', `/repos/${repo}/issues/${number}`, values),
    /** { milestone: title|null, now? } */
    pull: (repo, number, values) => control('PATCH', `/repos/${repo}/pulls/${number}`, values),
    /** Links pull requests to an issue by hand: { pulls: [number | 'owner/name#number'], now? }. */
    link: (repo, number, values) => control('PUT', `/repos/${repo}/issues/${number}/links`, values),
    /** As if deleted or transferred. */
    removeIssue: (repo, number) => control('DELETE', `/repos/${repo}/issues/${number}`),
    /** Thousands of issues for GraphQL alone, see control.mjs. */
    manyIssues: (repo, list) => control('POST', `/repos/${repo}/issues`, list),
    minimize: (comment, minimized = true) => control('PATCH', `/comments/${comment}`, { minimized }),

    async close() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
