// Puts one local GitHub together: the emulator, the state around it, and the front.
import { once } from 'node:events';
import { Accounts } from './accounts.mjs';
import { installClock, standAt } from './clock.mjs';
import { Contract } from './contract.mjs';
import { startEmulator } from './emulator.mjs';
import { Faults } from './faults.mjs';
import { GitStore } from './git-store.mjs';
import { schema } from './graphql/schema.mjs';
import { front } from './http.mjs';
import { Limits } from './limits.mjs';
import { Recorder } from './recorder.mjs';
import { World } from './world.mjs';

const DEFAULT_REPOS = ['acme/shop'];

/**
 * Starts a server. One a process: it replaces the process' clock.
 * `seed`: { repos?: ['owner/name' | {owner, name, private?, ...}], tokens?: {token: {login, push?, role?, permissions?, association?}} }.
 */
export async function serve({ port = 0, seed = {}, clock, record, adminToken }) {
  installClock();
  standAt(clock);
  const accounts = new Accounts(seed.tokens, adminToken);
  const repos = (seed.repos ?? DEFAULT_REPOS).map((one) => (typeof one === 'string' ? named(one) : one));

  const context = {
    accounts, faults: new Faults(), recorder: new Recorder(record), limits: new Limits(), contract: new Contract(schema), schema,
    names: new Map(), ids: new Map(), store: new GitStore(), git: { filter: true },
  };
  const server = front(context);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  context.baseUrl = `http://127.0.0.1:${server.address().port}`;
  context.upstream = await startEmulator({
    baseUrl: context.baseUrl, admin: accounts.adminLogin,
    users: accounts.logins().map((login) => ({ login, name: login })),
    orgs: organizations(repos, accounts),
    repos: repos.map((repo) => ({ auto_init: true, ...repo })),
  });
  context.world = new World(context.upstream);
  for (const { owner, name } of repos) {
    const { id } = await context.upstream.read(`/repos/${owner}/${name}`);
    context.names.set(id, `/repos/${owner}/${name}`);
    context.ids.set(`${owner}/${name}`, id);
  }
  return {
    url: context.baseUrl,
    async close() {
      server.closeAllConnections();
      server.close();
      await context.upstream.close();
    },
  };
}

function named(text) {
  const [owner, name] = text.split('/');
  return { owner, name };
}

/** Everybody who may push is an administrator for the emulator; finer rights are checked before it is asked. */
function organizations(repos, accounts) {
  const logins = new Set(repos.map(({ owner }) => owner).filter((owner) => !accounts.logins().includes(owner)));
  const members = accounts.pushers().map((login) => ({ login, role: 'admin' }));
  return [...logins].map((login) => ({ login, members }));
}
