// Issues and pull requests that name another one (`#12`) in title or description: it shows that they do.
import { closedIn } from '../keywords.mjs';
import { findPull } from './pull-state.mjs';

const MENTION = /(?<![\w/&.-])(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/g;

/** Notes the mentions that are new. `source` is the issue or pull request as the emulator gives it. */
export async function noteReferences(request, source) {
  const { repo, world, account } = request;
  const text = `${source.title}\n${source.body ?? ''}`;
  const book = await world.issues(repo);
  const closes = closedIn(text, repo);
  for (const number of mentionedIn(text, repo)) {
    const known = world.eventsOf(repo, number).some((entry) => entry.event === 'cross_referenced' && entry.source === source.number);
    if (known || number === source.number || !(book.has(number) || (await findPull(request, number)))) continue;
    world.happen(repo, number, 'cross_referenced', account.login, { source: source.number, closes: closes.includes(number) });
  }
}

function mentionedIn(text, repo) {
  const own = [...text.matchAll(MENTION)].filter(([, other]) => !other || other.toLowerCase() === repo.toLowerCase());
  return [...new Set(own.map(([, , number]) => Number(number)))];
}
