// Fits the weights of the blame score, and says how good they are on repositories that they have not seen.
//
//   escape-gate attribute --evaluate pairs.json --repos DIR --features candidates.ndjson
//   node tools/fit-attribution.mjs candidates.ndjson [name of a feature to leave out]...
//
// One logistic regression over all candidates of all fixes, with a mild pull towards zero. Cross-validated by repository:
// each one is judged by weights that were fitted without it. Intervals are of 95 %, by drawing whole repositories with
// repetition. Needs nothing but Node.
import { readFileSync } from "node:fs";

const [file, ...leftOut] = process.argv.slice(2);
if (!file) {
  console.error("usage: node tools/fit-attribution.mjs candidates.ndjson [feature]...");
  process.exit(2);
}
const fixes = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const names = fixes[0].features;
const used = names.map((name, at) => at).filter((at) => !leftOut.includes(names[at]));
for (const name of leftOut) {
  if (!names.includes(name)) throw new Error(`there is no feature ${name}`);
}
for (const fix of fixes) {
  for (const candidate of fix.candidates) {
    candidate.x = used.map((at) => candidate.features[at]);
    candidate.right = fix.truth.includes(candidate.commit);
  }
}

/** Solves a linear system by elimination. */
function solve(matrix, vector) {
  const rows = matrix.map((row, at) => [...row, vector[at]]);
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    let best = pivot;
    for (let row = pivot + 1; row < rows.length; row += 1) {
      if (Math.abs(rows[row][pivot]) > Math.abs(rows[best][pivot])) best = row;
    }
    [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
    for (let row = 0; row < rows.length; row += 1) {
      if (row === pivot) continue;
      const by = rows[row][pivot] / rows[pivot][pivot];
      for (let at = pivot; at <= rows.length; at += 1) rows[row][at] -= by * rows[pivot][at];
    }
  }
  return rows.map((row, at) => row[rows.length] / row[at]);
}

const sigmoid = (value) => 1 / (1 + Math.exp(-value));
const raw = (weights, x) => weights.reduce((sum, weight, at) => sum + weight * (at === 0 ? 1 : x[at - 1]), 0);

/** Newton's method; the intercept is not pulled. */
function fit(training, pull = 1) {
  const size = used.length + 1;
  let weights = new Array(size).fill(0);
  for (let round = 0; round < 25; round += 1) {
    const gradient = weights.map((weight, at) => (at === 0 ? 0 : -pull * weight));
    const curvature = weights.map((_, at) => weights.map((__, other) => (at === other ? (at === 0 ? 1e-9 : pull) : 0)));
    for (const fix of training) {
      for (const { x, right } of fix.candidates) {
        const p = sigmoid(raw(weights, x));
        const spread = p * (1 - p);
        for (let at = 0; at < size; at += 1) {
          const own = at === 0 ? 1 : x[at - 1];
          if (own === 0) continue;
          gradient[at] += ((right ? 1 : 0) - p) * own;
          for (let other = 0; other <= at; other += 1) {
            const value = spread * own * (other === 0 ? 1 : x[other - 1]);
            curvature[at][other] += value;
            if (other !== at) curvature[other][at] += value;
          }
        }
      }
    }
    const step = solve(curvature, gradient);
    weights = weights.map((weight, at) => weight + step[at]);
    if (Math.max(...step.map(Math.abs)) < 1e-7) break;
  }
  return weights;
}

const cap = 0.85;

/** The best candidate of a fix, among those that may be. */
function best(fix, weights, shipped) {
  let found = null;
  for (const candidate of fix.candidates) {
    if (shipped && !(candidate["released-at"] !== null && candidate["released-at"] <= fix.time)) continue;
    const p = Math.min(cap, sigmoid(raw(weights, candidate.x)));
    const value = raw(weights, candidate.x);
    if (!found || value > found.value) found = { candidate, p, value };
  }
  return found;
}

/** Whether the earliest origin of a fix was in a release before the fix. */
const hadShipped = (fix) => fix["truth-releases"].some((r) => r && r.at <= fix.time);

/** One fix as it counts in the figures. */
function outcome(fix, weights) {
  const answer = best(fix, weights, false);
  const shipped = hadShipped(fix) ? best(fix, weights, true) : null;
  const releases = fix["truth-releases"].filter(Boolean).map((r) => r.tag);
  return {
    repo: fix.repo,
    truths: fix.truth.length,
    answered: answer !== null,
    right: answer !== null && answer.candidate.right,
    reachable: fix.candidates.some((candidate) => candidate.right),
    p: answer?.p ?? 0,
    asked: hadShipped(fix),
    release: shipped !== null && releases.includes(shipped.candidate.release),
    shippedP: shipped?.p ?? 0,
    shippedRight: shipped !== null && shipped.candidate.right,
  };
}

function figures(outcomes) {
  const count = (of) => outcomes.filter(of).length;
  const right = count((o) => o.right);
  const precision = right / count((o) => o.answered);
  const recall = right / outcomes.reduce((sum, o) => sum + o.truths, 0);
  const likely = outcomes.filter((o) => o.p >= 0.7);
  const asked = outcomes.filter((o) => o.asked);
  const likelyShipped = asked.filter((o) => o.shippedP >= 0.7);
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    "among the candidates": count((o) => o.reachable) / outcomes.length,
    "release right": asked.filter((o) => o.release).length / asked.length,
    "printed as likely": likely.length / outcomes.length,
    "likely, printed": likely.reduce((sum, o) => sum + o.p, 0) / likely.length,
    "likely, right": likely.filter((o) => o.right).length / likely.length,
    "likely and shipped, right": likelyShipped.filter((o) => o.shippedRight).length / likelyShipped.length,
  };
}

const repos = [...new Set(fixes.map((fix) => fix.repo))];
const held = repos.flatMap((repo) => {
  const weights = fit(fixes.filter((fix) => fix.repo !== repo));
  return fixes.filter((fix) => fix.repo === repo).map((fix) => outcome(fix, weights));
});

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const byRepo = new Map(repos.map((repo) => [repo, held.filter((o) => o.repo === repo)]));
const drawn = Array.from({ length: 1000 }, () =>
  figures(repos.flatMap(() => byRepo.get(repos[Math.floor(random() * repos.length)]))),
);
console.log(`${fixes.length} fixes in ${repos.length} repositories, cross-validated by repository`);
for (const [name, value] of Object.entries(figures(held))) {
  const sorted = drawn.map((draw) => draw[name]).sort((a, b) => a - b);
  console.log(`${name.padEnd(28)} ${value.toFixed(3)}  (${sorted[25].toFixed(3)} to ${sorted[974].toFixed(3)})`);
}
console.log("\nprinted, of how many fixes, right:");
for (const [low, high] of [[0, 0.1], [0.1, 0.3], [0.3, 0.5], [0.5, 0.7], [0.7, 0.8], [0.8, 0.9]]) {
  const bin = held.filter((o) => o.answered && o.p >= low && o.p < high);
  const mean = bin.reduce((sum, o) => sum + o.p, 0) / bin.length;
  const right = bin.filter((o) => o.right).length / bin.length;
  console.log(`${low.toFixed(1)}-${high.toFixed(1)}  ${mean.toFixed(2)}  ${String(bin.length).padStart(4)}  ${right.toFixed(2)}`);
}
const weights = fit(fixes);
console.log(`\nweights of all fixes:\n    intercept ${weights[0].toFixed(3)}`);
used.forEach((at, place) => console.log(`    ${names[at].padEnd(22)} ${weights[place + 1].toFixed(3)}`));
