// The emulator stamps everything with `new Date()`. To build a history, a request names its own time
// (`X-Local-Now`), so this process' Date is replaced by one that can be told what time it is.
// That is why every server runs in a process of its own.
const RealDate = globalThis.Date;

let standing = null; // where the clock stands still unless a request says otherwise
let override = null; // the time of the request that is being served

const current = () => override ?? standing ?? RealDate.now();

class LocalDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(current());
    else super(...args);
  }

  static now() {
    return current();
  }
}

export function installClock() {
  globalThis.Date = LocalDate;
}

/** Lets the clock stand at `time` (RFC 3339), or run again with null. */
export function standAt(time) {
  standing = time ? parse(time) : null;
}

/** Runs `work` at `time`. Callers take turns: two requests at once would share one time. */
export async function at(time, work) {
  override = time ? parse(time) : null;
  try {
    return await work();
  } finally {
    override = null;
  }
}

/** Now, as GitHub writes it: without fractions of a second. */
export const now = () => seconds(new Date().toISOString());

/** A time without its fraction; null stays null. */
export const seconds = (time) => (time ? time.replace(/\.\d+Z$/, 'Z') : null);

/** Wall-clock milliseconds, whatever time the server pretends to have. */
export const wallClock = () => RealDate.now();

function parse(time) {
  const value = RealDate.parse(time);
  if (Number.isNaN(value)) throw new Error(`not a time: ${time}`);
  return value;
}
