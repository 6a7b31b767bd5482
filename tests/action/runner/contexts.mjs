// The `github` context of a run, and the variables that scripts see of it.

/** Fields of the `github` context that GitHub's runner exports as `GITHUB_…`. */
const EXPORTED = [
  'action', 'action_path', 'action_ref', 'action_repository', 'actor', 'actor_id', 'api_url', 'base_ref', 'env',
  'event_name', 'event_path', 'graphql_url', 'head_ref', 'job', 'output', 'path', 'ref', 'ref_name', 'ref_protected',
  'ref_type', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'retention_days',
  'run_attempt', 'run_id', 'run_number', 'server_url', 'sha', 'state', 'step_summary', 'triggering_actor', 'workflow',
  'workflow_ref', 'workflow_sha', 'workspace',
];

const NO_COMMIT = '0'.repeat(40);

/**
 * The `github` context as an event makes it.
 * `repository`, `sha` and `ref` come from the payload unless they are given.
 * The addresses of the API are taken from `env`, as an Enterprise Server sets them.
 */
export function githubContext({event, payload, repository, sha, ref, env, token, workflow, jobId, machine}) {
  const fromEvent = describeEvent(event, payload);
  const fullName = repository ?? payload.repository?.full_name ?? 'acme/shop';
  const fullRef = ref ?? fromEvent.ref;
  const actor = payload.sender?.login ?? 'octocat';
  const apiUrl = env.GITHUB_API_URL ?? 'https://api.github.com';
  return {
    action: '',
    action_path: '',
    action_ref: '',
    action_repository: '',
    actor,
    api_url: apiUrl,
    base_ref: fromEvent.baseRef ?? '',
    event: payload,
    event_name: event,
    event_path: machine.eventPath,
    graphql_url: env.GITHUB_GRAPHQL_URL ?? `${apiUrl}/graphql`,
    head_ref: fromEvent.headRef ?? '',
    job: jobId,
    ref: fullRef,
    ref_name: fullRef.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: fullRef.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: fullName,
    repository_owner: fullName.split('/')[0],
    run_attempt: '1',
    run_id: '1001',
    run_number: '1',
    server_url: env.GITHUB_SERVER_URL ?? 'https://github.com',
    sha: sha ?? fromEvent.sha ?? NO_COMMIT,
    token,
    triggering_actor: actor,
    workflow,
    workspace: machine.workspace,
  };
}

/** The `GITHUB_…` variables of a context. Empty fields are exported too, as empty variables. */
export function githubVariables(github) {
  const named = EXPORTED.filter((field) => typeof github[field] === 'string');
  return Object.fromEntries(named.map((field) => [`GITHUB_${field.toUpperCase()}`, github[field]]));
}

/** The `RUNNER_…` variables of the `runner` context. */
export function runnerVariables(runner) {
  return Object.fromEntries(Object.entries(runner).map(([field, value]) => [`RUNNER_${field.toUpperCase()}`, value]));
}

function describeEvent(event, payload) {
  const pull = payload.pull_request;
  switch (event) {
    case 'pull_request':
      return {
        ref: `refs/pull/${pull?.number ?? 1}/merge`,
        sha: pull?.merge_commit_sha ?? pull?.head?.sha,
        headRef: pull?.head?.ref,
        baseRef: pull?.base?.ref,
      };
    case 'pull_request_target':
      return {ref: `refs/heads/${pull?.base?.ref ?? 'main'}`, sha: pull?.base?.sha, headRef: pull?.head?.ref, baseRef: pull?.base?.ref};
    case 'release':
      return {ref: `refs/tags/${payload.release?.tag_name ?? 'v1.0.0'}`};
    case 'merge_group':
      return {ref: payload.merge_group?.head_ref, sha: payload.merge_group?.head_sha};
    case 'deployment':
    case 'deployment_status':
      return {ref: `refs/heads/${payload.deployment?.ref}`, sha: payload.deployment?.sha};
    case 'push':
      return {ref: payload.ref ?? 'refs/heads/main', sha: payload.after};
    default:
      return {ref: payload.ref ?? `refs/heads/${payload.repository?.default_branch ?? 'main'}`};
  }
}
