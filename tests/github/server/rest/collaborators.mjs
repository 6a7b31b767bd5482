// What somebody may do in a repository.
import { notFound, reply } from '../reply.mjs';

export const collaborators = [['GET', /^\/collaborators\/([^/]+)\/permission$/, permission]];

/** The field that is older than roles knows fewer of them. */
const OLDER = { maintain: 'write', triage: 'read' };

async function permission({ accounts, upstream }, login) {
  const user = await upstream.read(`/users/${encodeURIComponent(login)}`);
  if (!user) return notFound();
  const role = accounts.roleOf(login);
  return reply(200, { permission: OLDER[role] ?? role, role_name: role, user: { ...user, role_name: role } });
}
