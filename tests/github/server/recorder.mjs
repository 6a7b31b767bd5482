// The record of everything that was asked and answered.
import fs from 'node:fs';

const KEPT_HEADERS = ['authorization', 'accept', 'content-type', 'user-agent', 'x-github-api-version', 'if-none-match', 'etag', 'link',
  'retry-after', 'x-ratelimit-remaining', 'x-accepted-github-permissions'];

export class Recorder {
  #entries = [];
  #file;

  /** `file` also gets one JSON line an exchange. */
  constructor(file) {
    this.#file = file;
  }

  add(entry) {
    const kept = {
      ...entry, number: this.#entries.length + 1,
      requestHeaders: pick(entry.requestHeaders), responseHeaders: pick(entry.responseHeaders),
    };
    this.#entries.push(kept);
    if (this.#file) fs.appendFileSync(this.#file, `${JSON.stringify(kept)}\n`);
  }

  /** All exchanges of the API; those of the test's own `admin` calls only on demand. */
  all({ admin = false } = {}) {
    return this.#entries.filter((entry) => !entry.git && (admin || !entry.admin));
  }

  /** All requests of Git. */
  git() {
    return this.#entries.filter((entry) => entry.git);
  }

  clear() {
    this.#entries = [];
  }
}

/** Headers of interest. Of a token only the end is kept: enough to tell which, too little to use. */
function pick(headers) {
  const kept = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = name === 'authorization' ? value.replace(/\S+(?=\S{4}$)/, '…') : value;
  }
  return kept;
}
