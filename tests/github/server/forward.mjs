// Passing a request on to the emulator.
import { notFound, refuse } from './reply.mjs';

/** Passes the request to the emulator as it is, and words its refusals as GitHub does. */
export async function forward(request, body = request.body) {
  const { method, url, account, upstream, world, repo } = request;
  const answer = await upstream.call(method, url.pathname + url.search, body, { as: account?.login ?? null });
  if (answer.status === 403 && answer.body?.message === 'Forbidden') {
    return refuse(403, account?.permissions ? 'Resource not accessible by integration' : 'Must have admin rights to Repository.');
  }
  if (answer.status === 404) return notFound();
  if (answer.status === 422) {
    const { message, errors } = answer.body ?? {};
    return refuse(422, /^validation failed$/i.test(message) ? 'Validation Failed' : message, errors ? { errors } : {});
  }
  if (repo && answer.status === 200 && url.pathname === `/repos/${repo}`) {
    Object.assign(answer.body, { archived: Boolean(world.repository(repo).archived), network_count: 0, subscribers_count: 0 });
  }
  const kept = ['link', 'location'].filter((name) => answer.headers[name]);
  answer.headers = Object.fromEntries(kept.map((name) => [name, rehost(answer.headers[name], request)]));
  return answer;
}

/** Links of the emulator name its own port. */
const rehost = (text, { upstream, baseUrl }) =>
  text.replaceAll(upstream.origin, baseUrl).replaceAll(upstream.origin.replace('127.0.0.1', 'localhost'), baseUrl);
