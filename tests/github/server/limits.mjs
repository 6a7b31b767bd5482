// Primary rate limits, per token and resource. A test can set what is left.
import { refuse } from './reply.mjs';
import { wallClock } from './clock.mjs';

export class Limits {
  #used = new Map();

  /** Sets what `token` has left of `resource` ('core' or 'graphql'), and in how many seconds it is full again. */
  set(token, resource, { remaining, resetIn = 3600 }) {
    const state = this.#state(token, resource);
    state.used = state.limit - remaining;
    state.reset = Math.floor(wallClock() / 1000) + resetIn;
  }

  /** Spends `cost` when so much is left; returns the state and whether it was. */
  spend(token, resource, cost) {
    const state = this.#state(token, resource);
    if (state.reset <= wallClock() / 1000) Object.assign(state, fresh(state.limit));
    const granted = state.used + cost <= state.limit;
    if (granted) state.used += cost;
    return { ...state, remaining: Math.max(0, state.limit - state.used), granted };
  }

  /** The body of GET /rate_limit, which costs nothing. */
  overview(token) {
    const show = (name) => {
      const { limit, used, reset } = this.#state(token, name);
      return { limit, used, remaining: Math.max(0, limit - used), reset };
    };
    return { resources: { core: show('core'), search: show('search'), graphql: show('graphql') }, rate: show('core') };
  }

  #state(token, resource) {
    const id = `${resource} ${token}`;
    if (!this.#used.has(id)) this.#used.set(id, fresh(limitOf(token)));
    return this.#used.get(id);
  }
}

const fresh = (limit) => ({ limit, used: 0, reset: Math.floor(wallClock() / 1000) + 3600 });
const limitOf = (token) => (!token ? 60 : token.startsWith('ghs_') ? 1000 : 5000);

export const limitHeaders = ({ limit, remaining, used, reset }, resource) => ({
  'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-used': String(used),
  'x-ratelimit-reset': String(reset), 'x-ratelimit-resource': resource,
});

export const exceeded = (token) =>
  refuse(403, token?.startsWith('ghs_') ? 'API rate limit exceeded for installation.' : 'API rate limit exceeded for user ID 1.');
