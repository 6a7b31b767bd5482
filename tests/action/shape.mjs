// The one shape of a workflow with the gate: nothing in it can make a failed test or a failed gate pass.

/** The action as every document names it, until there is a release. `init` has the same text in `src/app/init/workflow.rs`. */
export const ACTION = 'OWNER/escape-gate@0000000000000000000000000000000000000000';

const NOT_CANCELLED = '${{ !cancelled() }}';
const ALWAYS = '${{ always() }}';

export const eventsOf = ({on}) => (typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on));
export const stepsOf = (job) => job.steps ?? [];
export const needsOf = ({needs}) => [needs ?? []].flat();
/** A step that runs the gate: the action of this project, by any name. */
export const isGate = ({uses = ''}) => /(?:^|\/)\.?escape-gate(?:@|$)/.test(uses) || uses === './';
export const gateOf = (job) => stepsOf(job).find(isGate);

/** What is wrong with a workflow, as sentences; empty if nothing is. `own`: it is one of this project. */
export function shapeProblems({source, workflow}, {own = false} = {}) {
  const jobs = Object.entries(workflow.jobs);
  return [
    ...JSON.stringify(workflow.permissions) === '{}' ? [] : ['the workflow itself grants permissions'],
    ...filterProblems(workflow),
    ...pinProblems(source, workflow),
    ...jobs.flatMap(([id, job]) => [
      ...jobProblems(workflow, id, job, own),
      ...stepsOf(job).flatMap((step) => stepProblems(step)),
    ].map((problem) => `job ${id}: ${problem}`)),
  ];
}

function filterProblems({on}) {
  const filters = ['paths', 'paths-ignore', 'branches-ignore'];
  const found = ['pull_request', 'merge_group'].flatMap((event) => filters.filter((filter) => filter in (on?.[event] ?? {})));
  return found.map((filter) => `\`${filter}\` can keep a required check from starting`);
}

/** Every action is named by its commit, with its version beside it. */
function pinProblems(source, workflow) {
  const uses = Object.values(workflow.jobs).flatMap(stepsOf).map((step) => step.uses).filter((one) => one && !one.startsWith('./'));
  return [...new Set(uses)].flatMap((one) => {
    if (!/^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}$/.test(one)) return [`'${one}' is not named by a commit`];
    return source.includes(`${one} # v`) ? [] : [`'${one}' has no version beside it`];
  });
}

function jobProblems(workflow, id, job, own) {
  const problems = [];
  const gate = gateOf(job);
  if (!job.permissions) problems.push('it names no permissions');
  if ('continue-on-error' in job) problems.push('`continue-on-error` hides its result');
  if (runsTests(job)) {
    const writes = Object.entries(job.permissions ?? {}).filter(([scope, level]) => level === 'write' && scope !== 'pull-requests');
    problems.push(...writes.map(([scope]) => `it runs tests, and has \`${scope}: write\``));
  }
  if (!gate) {
    const behind = needsOf(job).some((needed) => gateOf(workflow.jobs[needed]));
    if (behind && job.if !== undefined) problems.push('it runs although the gate has not passed');
    return problems;
  }
  const condition = needsOf(job).length > 0 ? ALWAYS : undefined;
  if (job.if !== condition) problems.push(`its \`if\` is ${job.if ?? 'missing'}, not ${condition ?? 'absent'}`);
  if (!own && gate.uses !== ACTION) problems.push(`the action is named ${gate.uses}`);
  if (gate.if !== NOT_CANCELLED) problems.push(`the \`if\` of the gate is ${gate.if ?? 'missing'}, not ${NOT_CANCELLED}`);
  if (gate.with?.['fail-on'] !== undefined) problems.push('`fail-on` weakens the gate');
  problems.push(...outcomeProblems(workflow, job, gate));
  return problems;
}

/** The gate knows how the tests ended, wherever they ran. */
function outcomeProblems(workflow, job, gate) {
  const given = gate.with?.['tests-outcome'];
  const before = stepsOf(job).slice(0, stepsOf(job).indexOf(gate));
  const known = [
    ...before.filter(isTest).map(({id}) => `\${{ steps.${id}.outcome }}`),
    ...needsOf(job).filter((needed) => runsTests(workflow.jobs[needed])).map((needed) => `\${{ needs.${needed}.result }}`),
    ...eventsOf(workflow).includes('workflow_run') ? ['${{ github.event.workflow_run.conclusion }}'] : [],
  ];
  if (known.length === 0) {
    return given === undefined ? [] : [`\`tests-outcome\` is ${given}, and no tests run before the gate`];
  }
  return known.includes(given) ? [] : [`\`tests-outcome\` is ${given ?? 'missing'}, not ${known.join(' or ')}`];
}

/** A step that runs tests: documents write `make test` for the reader's own command, the project has a script, and `init` knows tools. */
const isTest = ({run = ''}) =>
  /(?:^|[\s(])(?:make test|\.\/test|\.ci\/run|cargo nextest run|(?:mvn|\.\/mvnw) .*verify|(?:gradle|\.\/gradlew) test|go test|dotnet test|npm test|npx (?:jest|vitest)|pytest|python -m pytest|vendor\/bin\/phpunit)(?:[\s)]|$)/m.test(run);
const runsTests = (job) => stepsOf(job).some(isTest);

/** A script keeps the exit code of its commands, pastes no expression, and builds no gate. */
function stepProblems(step) {
  const {run = '', uses = ''} = step;
  const checksOut = uses.startsWith('actions/checkout@');
  return [
    ...'continue-on-error' in step ? [`\`continue-on-error\` hides the result of '${uses || run}'`] : [],
    ...[/\|\|\s*(?:true|:|exit 0)/, /;\s*true\s*$/m, /set \+e/].filter((hides) => hides.test(run)).map(() => `'${run}' hides an exit code`),
    ...hidesInPipe(step) ? [`'${run}' has a pipe without pipefail`] : [],
    ...run.includes('${{') ? [`'${run}' has an expression pasted into it`] : [],
    ...isGate({uses: step.with?.repository}) || /cargo (?:build|install(?! --locked cargo-nextest$))/m.test(run) ? ['it builds the gate from a checkout'] : [],
    ...checksOut && step.with?.['persist-credentials'] !== false ? ['the checkout leaves the token behind'] : [],
  ];
}

/** Without `shell: bash`, the exit code of a pipe is that of its last command. */
function hidesInPipe({run = '', shell}) {
  const outside = run.replaceAll(/'[^']*'|"[^"]*"|\$\([^)]*\)/g, '');
  return /[^|]\|[^|]/.test(outside) && shell !== 'bash';
}
