// Evidence for a page with every chart: made from numbers, so that every run has the same.

export const policy = `
version: 1
releases: { supported: 2, mature-after: 30d }
periods:
  sprint: { starts: 2026-01-05, length: 14d }
defects:
  escaped: { labels: [prod] }
  caught: { labels: [bug] }
  severity: { critical: [sev/critical], major: [sev/major], minor: [sev/minor] }
  component: "area/*"
  team: "team/*"
  root-cause: "root-cause/*"
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0, why: Critical means lost orders or lost money. }
  - { id: few-escapes, metric: escaped, over: current, max: 12 }
  - { id: escape-rate, metric: escape-rate, over: 180d, max: 50%, min-sample: 15, level: overridable }
`;

const DAY = 86_400_000;
const START = Date.parse('2025-01-06T10:00:00Z');
const RELEASES = 22;
const NOW = 28 * RELEASES;

const at = (day) => new Date(START + Math.floor(day * DAY)).toISOString();

/** A small generator with a seed (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A snapshot with this many escaped defects, and half as many caught ones (at most 500). */
export function snapshot(defects) {
  const next = random(11);
  const pick = (...names) => names[Math.floor(next() * names.length)];
  const issue = (number, labels, title) => {
    // Most defects show soon after a release.
    const release = 28 * Math.floor(next() * RELEASES);
    const day = next() < 0.6 ? Math.min(release - 9 * Math.log(1 - next()), NOW - 0.1) : next() * NOW;
    const closed = next() < 0.85;
    const end = Math.min(day + 1 + next() * 20, NOW - 0.05);
    return {
      number, title, url: `https://github.com/acme/shop/issues/${number}`, labels,
      state: closed ? 'closed' : 'open', 'created-at': at(day), 'updated-at': at(closed ? end : day),
      ...closed && {'state-reason': 'completed', 'closed-at': at(end)},
    };
  };
  const areas = () => [`area/${pick('cart', 'cart', 'checkout', 'search', 'account', 'api')}`, `team/${pick('web', 'payments', 'core')}`];
  const escaped = Array.from({length: defects}, (_, n) => issue(1000 + n, [
    'prod', ...areas(), `root-cause/${pick('missing-test', 'missing-test', 'logic', 'load', 'config')}`,
    ...[[], ['sev/critical'], ['sev/major'], ['sev/major'], ['sev/minor'], ['sev/minor'], ['sev/minor']][Math.floor(next() * 7)],
  ], `${pick('Cart total', 'Order', 'Invoice', 'Search result')} is wrong after a coupon in session ${n}`));
  const caught = Array.from({length: Math.min(defects / 2, 500)}, (_, n) => issue(900_000 + n, ['bug', ...areas()], `Caught ${n}`));
  const releases = Array.from({length: RELEASES}, (_, n) => ({
    tag: `v2.${Math.floor(n / 3)}.${n % 3}`, commit: n.toString(16).padStart(40, '0'), 'published-at': at(28 * n),
  }));
  return {
    schema: 1, 'taken-at': at(NOW), repository: 'acme/shop',
    candidate: {name: 'v2.8.0', tag: 'v2.8.0', head: 'c'.repeat(40)},
    releases, tickets: [...escaped, ...caught],
  };
}
