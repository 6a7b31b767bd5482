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
