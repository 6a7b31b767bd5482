// The front: takes requests off the wire, lets faults act, asks REST or GraphQL, records, and answers as GitHub does.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './clock.mjs';
import { control } from './control.mjs';
import { isGit, serveGit } from './git.mjs';
import { graphql, operationName } from './graphql.mjs';
import { exceeded, limitHeaders } from './limits.mjs';
import { refuse, reply } from './reply.mjs';
import { rest } from './rest.mjs';

/** The HTTP server over `context` (see server.mjs), not yet listening. */
export function front(context) {
  const inTurn = turns();
  return http.createServer(async (incoming, outgoing) => {
    try {
      if (isGit(incoming.url)) {
        await serveGit(context, inTurn, incoming, outgoing);
        return;
      }
      const text = await bodyOf(incoming);
      if (incoming.url.startsWith('/_local/')) await inTurn(() => serveControl(context, incoming, outgoing, text));
      else await serve(context, inTurn, incoming, outgoing, text);
    } catch (error) {
      send(outgoing, incoming, { status: 500, headers: {}, body: { message: String(error.stack ?? error) } });
    }
  });
}

/** One request at a time: the clock is one for all. What only waits (delays, broken answers) waits outside. */
function turns() {
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

async function serveControl(context, incoming, outgoing, text) {
  const url = new URL(incoming.url, context.baseUrl);
  const answer = await control(context, incoming.method, url, text ? JSON.parse(text) : undefined);
  const status = answer ? 200 : 404;
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(answer?.value ?? null));
}

async function serve(context, inTurn, incoming, outgoing, text) {
  const request = understand(context, incoming, text);
  const isGraphql = request.path === '/graphql';
  const fault = context.faults.take(incoming.method, request.local, isGraphql ? operationName(request.body) : undefined);
  const exchange = {
    method: incoming.method, path: request.local, prefix: request.prefix, graphql: isGraphql, admin: request.admin,
    request: request.body ?? (text || undefined), requestHeaders: incoming.headers, at: new Date().toISOString(),
  };
  const record = (answer) => context.recorder.add({
    ...exchange, status: answer.status, response: answer.body, responseHeaders: answer.headers, faulted: Boolean(fault?.status || fault?.drop),
    fault: fault && { status: fault.status, drop: fault.drop, delayMs: fault.delayMs },
  });

  if (fault?.delayMs) await sleep(fault.delayMs);
  if (fault?.drop === 'before') {
    record({ status: 0, headers: {} });
    incoming.socket.destroy();
    return;
  }
  const injected = fault?.status && { status: fault.status, headers: { ...fault.headers }, body: fault.body };
  const genuine = !injected || fault.effect ? await inTurn(() => at(request.now, () => answerTo(request, isGraphql))) : undefined;
  const answer = injected ?? genuine;
  dress(answer, request, incoming);
  record(answer);
  if (fault?.drop === 'mid-body') half(outgoing, answer);
  else send(outgoing, incoming, answer);
}

/** What a handler sees of a request. GHES keeps its API under /api/v3 and /api/graphql. */
function understand(context, incoming, text) {
  const [, prefix = '', tail] = /^(\/api\/v3|\/api(?=\/graphql))?(\/.*)$/.exec(incoming.url);
  const url = new URL(tail.replace(/^\/repositories\/(\d+)(?=\/)/, (whole, id) => context.names.get(Number(id)) ?? whole), context.baseUrl);
  const token = incoming.headers.authorization?.replace(/^(bearer|token)\s+/i, '') ?? null;
  return {
    ...context, method: incoming.method, url, path: url.pathname, local: url.pathname + url.search, prefix, token, body: parse(text),
    account: context.accounts.of(token),
    admin: token === context.accounts.adminToken || 'x-local-admin' in incoming.headers, now: incoming.headers['x-local-now'],
  };
}

async function answerTo(request, isGraphql) {
  if (request.token !== null && !request.account) return refuse(401, 'Bad credentials');
  if (isGraphql) return graphql(request);
  if (request.path === '/rate_limit') return reply(200, request.limits.overview(request.token));
  if (request.admin) return rest(request);
  const limit = request.limits.spend(request.token, 'core', 1);
  const answer = limit.granted ? await rest(request) : exceeded(request.token);
  Object.assign(answer.headers, limitHeaders(limit, 'core'));
  return answer;
}

/** The headers that every answer carries. */
function dress(answer, request, incoming) {
  answer.headers = {
    'content-type': 'application/json; charset=utf-8', 'x-github-request-id': 'LOCAL', 'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28', ...answer.headers,
  };
  if (request.prefix) answer.headers['x-github-enterprise-version'] = '3.19.0';
  if (answer.headers.link) answer.headers.link = byId(answer.headers.link, request);
  if (incoming.method === 'GET' && answer.status === 200) {
    const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body ?? '')).digest('hex')}"`;
    answer.headers.etag = etag;
    if (incoming.headers['if-none-match'] === etag) Object.assign(answer, { status: 304, body: undefined });
  }
}

/** GitHub's links name a repository by its number: a client that builds page addresses by itself is found out. */
function byId(link, { baseUrl, prefix, ids }) {
  return link.replaceAll(/<[^>]*\/repos\/([^/]+\/[^/>]+)\//g, (_, repo) =>
    `<${baseUrl}${prefix}${ids.has(repo) ? `/repositories/${ids.get(repo)}` : `/repos/${repo}`}/`);
}

const bytesOf = ({ status, body }) => {
  if (body === undefined || status === 204 || status === 304) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
};

function send(outgoing, incoming, answer) {
  outgoing.writeHead(answer.status, answer.headers);
  outgoing.end(incoming.method === 'HEAD' ? '' : bytesOf(answer));
}

/** Announces the whole body, sends half of it, and hangs up. */
function half(outgoing, answer) {
  const bytes = Buffer.from(bytesOf(answer));
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': String(Math.max(bytes.length, 2)) });
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.socket?.destroy());
}

async function bodyOf(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
