// The state that the emulator does not keep, and the book of issues that GraphQL reads from.
import { now } from './clock.mjs';

/** `acme/shop#3`, the key of everything that belongs to one issue or pull request. */
export const key = (repo, number) => `${repo}#${number}`;

export class World {
  statuses = new Map(); // repo@sha → newest first
  deployments = []; // newest first, each with its `repo`
  extras = new Map(); // key → what is laid over an issue: type, fields, duplicateOf, stateReason, lock
  merges = new Map(); // key → what a merge recorded
  testMerges = new Map(); // repo, base and head → the commit of refs/pull/N/merge, null where it cannot be merged
  events = new Map(); // key → events in the order in which they happened
  pullLabels = new Map(); // key → the labels of a pull request as last seen
  repositories = new Map(); // repo → archived, issueTypes, issueFields
  minimized = new Set(); // ids of comments
  edited = new Map(); // ids of comments → when
  clones = new Map(); // repo → where its real history is, if it has one
  #books = new Map(); // repo → Map of number → issue
  #ids = 1000;

  constructor(upstream) {
    this.upstream = upstream;
  }

  nextId() {
    this.#ids += 1;
    return this.#ids;
  }

  extra(repo, number) {
    return this.extras.get(key(repo, number)) ?? {};
  }

  setExtra(repo, number, values) {
    this.extras.set(key(repo, number), { ...this.extra(repo, number), ...values });
  }

  repository(repo) {
    return this.repositories.get(repo) ?? {};
  }

  eventsOf(repo, number) {
    return this.events.get(key(repo, number)) ?? [];
  }

  /** Appends an event, at the present time unless `more` says otherwise. `actor` is a login. */
  happen(repo, number, event, actor, more = {}) {
    const id = this.nextId();
    const entry = { id, event, actor, created_at: now(), ...more };
    this.events.set(key(repo, number), [...this.eventsOf(repo, number), entry]);
  }

  /** All issues of a repository by number. Read once, then kept up to date by `refresh`. */
  async issues(repo) {
    if (!this.#books.has(repo)) {
      const list = await this.upstream.all(`/repos/${repo}/issues?state=all&sort=created&direction=asc`);
      this.#books.set(repo, new Map(list.map((issue) => [issue.number, issue]).sort(([a], [b]) => a - b)));
    }
    return this.#books.get(repo);
  }

  /** Reads one issue again after a write; it may be gone. */
  async refresh(repo, number) {
    const book = await this.issues(repo);
    const { status, body } = await this.upstream.call('GET', `/repos/${repo}/issues/${number}`);
    if (status === 200) book.set(number, body);
    else book.delete(number);
    return book.get(number);
  }

  /** Takes an issue that was just created into the book, without reading it again. */
  async enter(repo, issue) {
    (await this.issues(repo)).set(issue.number, issue);
  }

  /** Forgets a repository's issues, for writes that change many of them (a label renamed). */
  forget(repo) {
    this.#books.delete(repo);
  }
}
