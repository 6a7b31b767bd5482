// Faults: what a test wants to go wrong, used up in order.
// Each: { method?, path? (regular expression on the path with its query), operation? (GraphQL operation name),
//         times? (default 1, 'always' for ever), status?, headers?, body?, effect?, delayMs?, drop?: 'before' | 'mid-body' }
// `status` answers in place of the server, which never sees the request; with `effect: true` it sees it, and only its
// answer is lost. `drop: 'before'` hangs up unseen, `drop: 'mid-body'` after the request took effect and half was sent.
// `body` is sent as it is when it is a string, else as JSON.

export class Faults {
  #list = [];

  add(faults) {
    for (const fault of faults) {
      const unknown = Object.keys(fault).filter((name) => !KNOWN.has(name));
      if (unknown.length) throw new Error(`unknown key in a fault: ${unknown.join(', ')}`);
      this.#list.push({ ...fault, left: fault.times === 'always' ? Infinity : (fault.times ?? 1) });
    }
  }

  clear() {
    this.#list = [];
  }

  /** The faults that no request has met yet. */
  unused() {
    return this.#list.filter(({ left }) => left > 0 && left !== Infinity);
  }

  /** The first fault that fits, one use poorer. */
  take(method, path, operation) {
    const fault = this.#list.find((one) =>
      one.left > 0
      && (!one.method || one.method === method)
      && (!one.path || new RegExp(one.path).test(path))
      && (!one.operation || one.operation === operation));
    if (fault) fault.left -= 1;
    return fault;
  }
}

const KNOWN = new Set(['method', 'path', 'operation', 'times', 'status', 'headers', 'body', 'effect', 'delayMs', 'drop']);
