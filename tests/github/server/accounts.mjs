// Who may do what: the tokens a test can use, and the permission each kind of request needs.
import { refuse, notFound } from './reply.mjs';

const WRITE = {
  contents: 'write', issues: 'write', pull_requests: 'write', statuses: 'write', deployments: 'write',
  checks: 'write', actions: 'read', metadata: 'read',
};
const READ = Object.fromEntries(Object.keys(WRITE).map((name) => [name, 'read']));

/**
 * The tokens every server knows. `permissions` marks a workflow's token, `push` a person's right and `role` its name;
 * `association` is what its owner is to every repository (`MEMBER`, `CONTRIBUTOR`, …), where the emulator shall not say.
 */
export const DEFAULT_TOKENS = {
  ghp_admin: { login: 'acme-admin', push: true },
  ghp_outsider: { login: 'outsider', push: false },
  ghs_write: { login: 'github-actions[bot]', permissions: WRITE },
  ghs_read: { login: 'github-actions[bot]', permissions: READ },
};

export const isBot = (login) => login.endsWith('[bot]');

// First match wins. `;` separates alternatives, as in the `x-accepted-github-permissions` header.
const NEEDS = [
  [/^(POST|PATCH|PUT|DELETE) .*\/issues\/(comments\/\d+|\d+\/(comments|labels|lock|assignees))/, 'issues=write; pull_requests=write'],
  [/^(POST|PATCH|PUT|DELETE) .*\/(issues|labels|milestones)\b/, 'issues=write'],
  [/^GET .*\/issues\/(comments\/\d+|\d+\/comments)$/, 'issues=read; pull_requests=read'],
  [/^GET .*\/(issues|labels|milestones)\b/, 'issues=read'],
  [/^PUT .*\/pulls\/\d+\/merge$/, 'contents=write'],
  [/^(POST|PATCH|PUT|DELETE) .*\/pulls\b/, 'pull_requests=write'],
  [/^GET .*\/pulls\b/, 'pull_requests=read'],
  [/^POST .*\/statuses\//, 'statuses=write'],
  [/^GET .*\/commits\/.*\/status(es)?$/, 'statuses=read'],
  [/^POST .*\/deployments\b/, 'deployments=write'],
  [/^GET .*\/deployments\b/, 'deployments=read'],
  [/^(POST|PATCH) .*\/check-(runs|suites)\b/, 'checks=write'],
  [/^GET .*\/check-(runs|suites)\b/, 'checks=read'],
  [/^(POST|PATCH|PUT|DELETE) .*\/(releases|git|contents)\b/, 'contents=write'],
  [/^GET .*\/(releases|git|contents|commits|compare|tags|branches)\b/, 'contents=read'],
];

/** The permissions a request needs, in the header's form; empty when any token may do it. */
export function needed(method, path) {
  return NEEDS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? '';
}

const RANK = { none: 0, read: 1, write: 2 };

/** Whether `permissions` satisfy one of the alternatives of `needs`. */
export function allows(permissions, needs) {
  if (!needs) return true;
  return needs.split('; ').some((alternative) =>
    alternative.split(',').every((part) => {
      const [name, level] = part.split('=');
      return RANK[permissions[name] ?? 'none'] >= RANK[level];
    }),
  );
}

/** A refusal when the account may not send this request, else null. */
export function check(account, method, path) {
  const needs = needed(method, path);
  if (!account) {
    return method === 'GET' ? null : refuse(401, 'Requires authentication');
  }
  if (account.permissions) {
    // A workflow's token is nobody's: it has no user to show.
    if (path === '/user' || !allows(account.permissions, needs)) {
      return refuse(403, 'Resource not accessible by integration', {}, { 'x-accepted-github-permissions': needs });
    }
    return null;
  }
  const own = path.startsWith(`/repos/${account.login}/`);
  if (!account.push && !own && needs.includes('write')) return withoutPush(method, path);
  return null;
}

/** What GitHub lets a stranger do on a public repository, and how it words the rest. */
function withoutPush(method, path) {
  if (method === 'POST' && /\/issues(\/\d+\/comments)?$|\/pulls$|\/forks$/.test(path)) return null;
  if (/\/issues\/comments\/\d+$/.test(path)) return null; // own comments; the emulator knows whose they are
  if (/\/releases\b|\/statuses\//.test(path)) return notFound();
  return refuse(403, 'Must have admin rights to Repository.');
}

/** Whether the account sees drafts and may push. */
export const canPush = (account) => Boolean(account && (account.push || account.permissions?.contents === 'write'));

/** The tokens of one server. */
export class Accounts {
  #tokens;

  /** `extra` adds to the tokens that every server knows; `adminToken` is what a test builds its history with. */
  constructor(extra = {}, adminToken = 'local_admin') {
    this.adminToken = adminToken;
    this.adminLogin = DEFAULT_TOKENS.ghp_admin.login;
    this.#tokens = new Map(Object.entries({ ...DEFAULT_TOKENS, ...extra, [adminToken]: DEFAULT_TOKENS.ghp_admin }));
  }

  /** A further token for a login that exists already. */
  add({ token, ...account }) {
    if (!this.logins().includes(account.login)) throw new Error(`no such login: ${account.login}`);
    this.#tokens.set(token, account);
  }

  /** The account of a token: null for no token and for an unknown one. */
  of(token) {
    return (token && this.#tokens.get(token)) || null;
  }

  /** Somebody's role in every repository. */
  roleOf(login) {
    const account = [...this.#tokens.values()].find((one) => one.login === login);
    return account?.role ?? (account?.push ? 'admin' : 'read');
  }

  /** What somebody is to every repository, if a token says so. */
  associationOf(login) {
    return [...this.#tokens.values()].find((one) => one.login === login && one.association)?.association;
  }

  logins() {
    return [...new Set([...this.#tokens.values()].map(({ login }) => login))];
  }

  pushers() {
    return this.logins().filter((login) => [...this.#tokens.values()].some((account) => account.login === login && canPush(account)));
  }
}
