// The npm package `emulate` underneath: where it listens, how the server talks to it, and what is read from it.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { once } from 'node:events';
import { createEmulator } from 'emulate';

// The emulator limits every token to 5,000 requests an hour, reads of our own included. Limits are ours to
// play (see limits.mjs), so each login gets a ring of tokens that is too large to run dry.
const TOKENS_PER_LOGIN = 100;

/** Starts the emulator and returns the way to talk to it. `baseUrl` is what its answers show as their host. */
export async function startEmulator({ baseUrl, users, orgs, repos, admin }) {
  const tokens = {};
  for (const { login } of users) {
    for (let n = 0; n < TOKENS_PER_LOGIN; n += 1) {
      tokens[internalToken(login, n)] = { login, scopes: ['repo', 'workflow', 'admin:org'] };
    }
  }
  const seed = { tokens, github: { users, orgs, repos } };
  const { emulator, port } = await onLoopback(() => createEmulator({ service: 'github', port: 0, seed, baseUrl }));
  return new Upstream({ origin: `http://127.0.0.1:${port}`, admin, close: () => emulator.close() });
}

// The emulator computes the ids of blobs, trees and commits as Git does, but takes 20 random bytes for an annotated tag.
let nextId;
const random = crypto.randomBytes;
crypto.randomBytes = (size, ...rest) => (size === 20 && nextId ? Buffer.from(nextId, 'hex') : random(size, ...rest));
syncBuiltinESMExports();

const internalToken = (login, n) => `internal:${login}:${n}`;

/** `createEmulator` listens on all interfaces and does not tell its port: both are mended while it starts. */
async function onLoopback(create) {
  const listen = net.Server.prototype.listen;
  let server;
  net.Server.prototype.listen = function listenOnLoopback(...args) {
    server = this;
    const callback = args.find((arg) => typeof arg === 'function');
    return listen.call(this, { port: 0, host: '127.0.0.1' }, callback);
  };
  try {
    const emulator = await create();
    if (!server.listening) await once(server, 'listening');
    return { emulator, port: server.address().port };
  } finally {
    net.Server.prototype.listen = listen;
  }
}

class Upstream {
  #turn = 0;
  version = 0; // grows with every write
  #cache = new Map();

  constructor({ origin, admin, close }) {
    this.origin = origin;
    this.admin = admin;
    this.close = close;
  }

  /** One request. `as` is the login it is made for (default: the administrator), null for nobody. */
  async call(method, path, body, { as = this.admin } = {}) {
    if (method !== 'GET') {
      this.#cache.clear();
      this.version += 1;
    }
    const headers = { 'content-type': 'application/json' };
    if (as) {
      this.#turn += 1;
      headers.authorization = `Bearer ${internalToken(as, this.#turn % TOKENS_PER_LOGIN)}`;
    }
    const answer = await fetch(this.origin + path, {
      method, headers, redirect: 'manual', body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: parse(text) };
  }

  /** Runs `work`, in which the emulator takes `id` for the object that it creates. */
  async withNextId(id, work) {
    nextId = id;
    try {
      return await work();
    } finally {
      nextId = undefined;
    }
  }

  /** The body of a GET, or undefined when it is refused. Kept until the next write. */
  async read(path) {
    return this.#cached(path, async () => {
      const { status, body } = await this.call('GET', path);
      return status === 200 ? body : undefined;
    });
  }

  /** All pages of a list. Kept until the next write. */
  async all(path) {
    return this.#cached(`all ${path}`, async () => {
      const items = [];
      for (let n = 1; ; n += 1) {
        const { status, body } = await this.call('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${n}`);
        if (status !== 200 || !Array.isArray(body)) return items;
        items.push(...body);
        if (body.length < 100) return items;
      }
    });
  }

  #cached(key, load) {
    if (!this.#cache.has(key)) this.#cache.set(key, load());
    return this.#cache.get(key);
  }
}

function parse(text) {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
