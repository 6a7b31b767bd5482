// A shop on the local GitHub with two escaped defects, whose history is a real one.
import { CODE, withDefect } from './history.mjs';
import { openShop, POLICY } from './shop.mjs';

/** The usual policy with a rule that goes by where defects came from, and what it says about that. */
export const policyOf = (attribution = '') =>
  `${POLICY.replace('rules:', `${attribution}\nrules:`)}  - { id: seen-soon, metric: time-to-detect, over: all, max: 900d }\n`;

/** The shop, its history, the commit that brought the first defect in, and the numbers of both; the second came in with the first release. */
export async function openWithDefects() {
  const shop = await openShop();
  // The shop's releases: the defect came in with the second one.
  const { history, guilty } = await withDefect();
  history.git('tag', 'v1.0.0', 'v3.0.0^{}');
  history.git('tag', 'v1.1.0', 'v3.1.0^{}');
  const merges = {};
  const defect = async (title, severity, reported, fixed) => {
    const issue = await shop.issue(title, ['production-bug', severity], reported);
    const pull = await shop.pull(`fix-${issue.number}`, `Closes #${issue.number}`, reported);
    merges[pull.number] = await history.change('total.c', fixed, title);
    await shop.merge(pull, reported);
    return issue.number;
  };
  const first = await defect('The last item counts twice', 'sev/critical', '2026-02-20T10:00:00Z', CODE);
  const second = await defect('The sum is wrong', 'sev/major', '2026-02-21T10:00:00Z', CODE.replace('sum = 0', 'sum = 1'));
  await shop.gh.clone('acme/shop', history.folder, merges);
  return { shop, history, guilty, first, second };
}

/** Nothing fails, nothing was asked yet, and there is allowance enough. */
export async function asNew({ gh }) {
  await gh.clearFaults();
  await gh.forget();
  for (const resource of ['core', 'graphql']) await gh.limit({ token: 'ghs_write', resource, remaining: 5000 });
}
