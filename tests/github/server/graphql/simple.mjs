// The nodes that lead nowhere else.
import { isBot } from '../accounts.mjs';

/** A user or bot. GraphQL names a bot without the `[bot]` that REST appends. */
export function actor(user) {
  if (!user) return null;
  const bot = isBot(user.login);
  return {
    __typename: bot ? 'Bot' : (user.type ?? 'User'), login: bot ? user.login.replace('[bot]', '') : user.login,
    id: user.node_id, databaseId: user.id, url: user.html_url,
  };
}

export const label = ({ node_id: id, name, color, description }) => ({ id, name, color, description });

/** The repository that something is in, as far as its name goes. */
export const home = ({ repo }) => ({ __typename: 'Repository', name: repo.split('/')[1], nameWithOwner: repo });

/** What the author of an issue, pull request or comment is to the repository: as a test's token says, else as the emulator does. */
export const association = ({ accounts }, raw) => accounts.associationOf(raw.user?.login) ?? raw.author_association ?? 'NONE';
