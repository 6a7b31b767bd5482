// Fields that GitHub always sends and the emulator leaves out, or sends in another form.
import { isBot } from './accounts.mjs';
import { seconds } from './clock.mjs';

const USER_LINKS = {
  followers_url: '/followers', following_url: '/following{/other_user}', gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}', subscriptions_url: '/subscriptions', organizations_url: '/orgs',
  repos_url: '/repos', events_url: '/events{/privacy}', received_events_url: '/received_events',
};

/** Completes `value` in place, however deep, and returns it. `baseUrl` is the API's own address. */
export function fill(value, baseUrl, accounts) {
  if (Array.isArray(value)) {
    value.forEach((item) => fill(item, baseUrl, accounts));
  } else if (value && typeof value === 'object') {
    if (typeof value.login === 'string' && 'avatar_url' in value) user(value, baseUrl);
    if ('author_association' in value) value.author_association = accounts.associationOf(value.user?.login) ?? value.author_association;
    if (value.tree?.sha && 'message' in value) value.tree.url ??= `${baseUrl}/git/trees/${value.tree.sha}`;
    if (value.output && 'head_sha' in value) checkRunOutput(value);
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && /(_at|^date|^due_on)$/.test(name)) value[name] = seconds(inner);
      else fill(inner, baseUrl, accounts);
    }
  }
  return value;
}

function user(value, baseUrl) {
  const url = `${baseUrl}/users/${value.login}`;
  value.gravatar_id ??= '';
  for (const [name, tail] of Object.entries(USER_LINKS)) value[name] ??= url + tail;
  value.url ??= url;
  value.html_url ??= `${baseUrl}/${value.login}`;
  value.site_admin ??= false;
  value.type = isBot(value.login) ? 'Bot' : (value.type ?? 'User');
  if (!isBot(value.login)) return;
  for (const [name, link] of Object.entries(value)) {
    if (name.endsWith('url')) value[name] = link.replace('[bot]', '%5Bbot%5D');
  }
}

function checkRunOutput(value) {
  value.output.annotations_url ??= `${value.url}/annotations`;
  value.output.annotations_count ??= 0;
}
