// GitHub's REST API, as far as a release needs it.

/** A refusal of GitHub, with its status and what it says about fields. */
export class GitHubError extends Error {
  constructor(method, path, status, body) {
    const details = (body?.errors ?? []).map((error) => error.message ?? `${error.resource}.${error.field}: ${error.code}`);
    super(`${method} ${path} was refused with ${status}: ${[body?.message, ...details].filter(Boolean).join('; ') || 'no reason given'}`);
    this.status = status;
  }
}

/** A client for one repository. `environment` has `GITHUB_API_URL`, `GITHUB_REPOSITORY` and `GITHUB_TOKEN`. */
export function connect(environment) {
  const {GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token} = environment;
  if (!token) {
    throw new Error('GITHUB_TOKEN is not set. Pass the token of the job: env: { GITHUB_TOKEN: ${{ github.token }} }');
  }
  const headers = {authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28'};

  /** Sends a request and returns the answer's JSON. Throws `GitHubError`. `path` may be a whole address, such as that for uploads. */
  async function request(method, path, body, type = 'application/json') {
    const address = path.startsWith('http') ? path : `${api}/repos/${repository}${path}`;
    const content = body === undefined ? {} : {body: type === 'application/json' ? JSON.stringify(body) : body};
    const response = await fetch(address, {method, headers: {...headers, ...(body === undefined ? {} : {'content-type': type})}, ...content});
    const text = await response.text();
    const json = parse(text);
    if (!response.ok) {
      throw new GitHubError(method, path, response.status, json);
    }
    return json;
  }

  /** All items of a list. */
  async function list(path) {
    const items = [];
    for (let page = 1; ; page++) {
      const part = await request('GET', `${path}?per_page=100&page=${page}`);
      items.push(...part);
      if (part.length < 100) {
        return items;
      }
    }
  }

  return {request, list};
}

/** JSON of an answer; `undefined` for an empty answer or an error page. */
function parse(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
