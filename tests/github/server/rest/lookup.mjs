// Reads that several handlers share.

/** The commit that a sha, branch or tag stands for, or undefined. */
export const commitOf = ({ repo, upstream }, ref) => upstream.read(`/repos/${repo}/commits/${encodeURIComponent(ref)}`);

/** The account that sent the request, as a user. */
export const loginUser = ({ account, upstream }) => upstream.read(`/users/${encodeURIComponent(account.login)}`);

export async function defaultBranch({ repo, upstream }) {
  return (await upstream.read(`/repos/${repo}`))?.default_branch;
}

/** The sha a branch points at, or undefined. */
export async function branchHead({ upstream }, repo, branch) {
  return (await upstream.read(`/repos/${repo}/git/ref/heads/${branch}`))?.object.sha;
}
