// Forks: the emulator's begin anew, GitHub's have the branches of what they were forked from.
import { forward } from '../forward.mjs';
import { copyHistory } from './copy.mjs';

export const forks = [['POST', /^\/forks$/, create]];

async function create(request) {
  const answer = await forward(request);
  if (answer.status !== 202) return answer;
  const { repo, upstream, account: { login: as } } = request;
  const to = answer.body.full_name;
  for (const { ref, object: { sha } } of await upstream.read(`/repos/${repo}/git/matching-refs/heads/`)) {
    await copyHistory(request, { from: repo, to, sha, as });
    const there = await upstream.read(`/repos/${to}/git/${ref.replace(/^refs/, 'ref')}`);
    if (there) await upstream.call('PATCH', `/repos/${to}/git/${ref}`, { sha, force: true }, { as });
    else await upstream.call('POST', `/repos/${to}/git/refs`, { ref, sha }, { as });
  }
  return answer;
}
