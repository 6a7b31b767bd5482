// Git's smart HTTP protocol at /OWNER/NAME.git, served by `git http-backend`. Fetching only: pushes go through REST.
import { spawn } from 'node:child_process';
import zlib from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './clock.mjs';

const PATH = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

/** Whether a request is Git's. */
export const isGit = (url) => PATH.test(new URL(url, 'http://localhost').pathname);

/** Answers one. Only what reads the state waits for its turn. */
export async function serveGit(context, inTurn, incoming, outgoing) {
  const url = new URL(incoming.url, context.baseUrl);
  const [, owner, name, service] = PATH.exec(url.pathname);
  const body = await bytesOf(incoming);
  const token = tokenOf(incoming.headers.authorization);
  const fault = context.faults.take(incoming.method, url.pathname + url.search);
  const record = (status, bytes = 0) => context.recorder.add({
    git: true, method: incoming.method, path: url.pathname + url.search, at: new Date().toISOString(), token: token !== null, status, bytes,
    ...asked(incoming, body), requestHeaders: {}, responseHeaders: {}, faulted: Boolean(fault),
  });

  if (fault?.delayMs) await sleep(fault.delayMs);
  if (fault?.drop === 'before') {
    record(0);
    incoming.socket.destroy();
    return;
  }
  const injected = fault?.status && refuse(fault.status, fault.body ?? 'fault', fault.headers);
  const granted = injected ? {} : await inTurn(() => at(undefined, () => admit(context, { owner, name, token, service })));
  const answer = injected || granted.refusal || (await backend(granted.folder, context.git, { incoming, url, service, body }));
  record(answer.status, answer.body.length);
  if (fault?.drop === 'mid-body') {
    outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': String(Math.max(answer.body.length, 2)) });
    outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => outgoing.socket?.destroy());
  } else {
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }
}

/** The token in `Basic x-access-token:TOKEN` or `Bearer TOKEN`; null without a header. */
function tokenOf(header) {
  if (!header) return null;
  const [, scheme, value] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  if (!/^basic$/i.test(scheme)) return value ?? '';
  const pair = Buffer.from(value, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

/** The folder to serve, or the refusal that GitHub gives. */
async function admit(context, { owner, name, token, service }) {
  const { accounts, upstream, world, store } = context;
  const account = accounts.of(token);
  if (token !== null && !account) return { refusal: unauthorized('Invalid username or token.') };
  if (service === '/git-receive-pack') return { refusal: refuse(403, 'The local GitHub takes pushes by REST only.') };
  const known = await upstream.read(`/repos/${owner}/${name}`);
  const seen = known && (account?.permissions || (await upstream.call('GET', `/repos/${owner}/${name}`, undefined, { as: account?.login ?? null })).status === 200);
  // Without a token, GitHub does not say whether there is such a repository.
  if (!seen) return { refusal: token === null ? unauthorized('Authentication required.') : refuse(404, 'Repository not found.') };
  if (known.private && account?.permissions && (account.permissions.contents ?? 'none') === 'none') {
    return { refusal: refuse(403, 'Write access to repository not granted.') };
  }
  const repo = known.full_name;
  const clone = world.clones.get(repo);
  const writer = accounts.logins().includes(owner) ? owner : upstream.admin;
  return { folder: clone ? clone.folder : await store.folder({ ...context, repo, account: { login: writer, push: true } }) };
}

const refuse = (status, text, headers = {}) =>
  ({ status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)) });

const unauthorized = (text) => refuse(401, text, { 'www-authenticate': 'Basic realm="GitHub"' });

/** Runs `git http-backend` as a web server runs a CGI program. */
async function backend(folder, { filter }, { incoming, url, service, body }) {
  const config = {
    'uploadpack.allowFilter': filter, 'uploadpack.allowAnySHA1InWant': true, 'http.getanyfile': false, 'http.receivepack': false, 'safe.directory': '*',
  };
  const settings = Object.entries(config).flatMap(([key, value], n) => [[`GIT_CONFIG_KEY_${n}`, key], [`GIT_CONFIG_VALUE_${n}`, String(value)]]);
  const header = (name, variable) => (incoming.headers[name] ? [[variable, incoming.headers[name]]] : []);
  const env = Object.fromEntries([
    ['PATH', process.env.PATH], ['GIT_CONFIG_NOSYSTEM', '1'], ['GIT_CONFIG_GLOBAL', '/dev/null'], ...settings,
    ['GIT_CONFIG_COUNT', String(Object.keys(config).length)], ['GIT_PROJECT_ROOT', folder], ['GIT_HTTP_EXPORT_ALL', '1'], ['PATH_INFO', service],
    ['REQUEST_METHOD', incoming.method], ['QUERY_STRING', url.search.slice(1)], ['REMOTE_ADDR', '127.0.0.1'], ['CONTENT_LENGTH', String(body.length)],
    ...header('content-type', 'CONTENT_TYPE'), ...header('content-encoding', 'HTTP_CONTENT_ENCODING'), ...header('git-protocol', 'GIT_PROTOCOL'),
  ]);
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // it may refuse before it has read everything
  child.stdin.end(body);
  const [out, err] = await Promise.all([bytesOf(child.stdout), bytesOf(child.stderr)]);
  const end = out.indexOf('\r\n\r\n');
  if (end < 0) return refuse(500, err);
  const headers = Object.fromEntries(out.subarray(0, end).toString('latin1').split('\r\n').map((line) => line.split(/:\s*/, 2)).map(([key, value]) => [key.toLowerCase(), value]));
  const { status = '200', ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: out.subarray(end + 4) };
}

/** What a test may want to know of a request: the command, the filter and the number of objects that it wants. */
function asked(incoming, body) {
  const bytes = incoming.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body;
  const lines = packets(bytes.toString('latin1'));
  const after = (start) => lines.find((line) => line.startsWith(start))?.slice(start.length);
  const [command, filter, wants] = [after('command='), after('filter '), lines.filter((line) => line.startsWith('want ')).length];
  return { ...(command ? { command } : {}), ...(filter ? { filter } : {}), ...(wants ? { wants } : {}) };
}

/** The lines of a request; each begins with its length in four hexadecimal digits, those below four are marks. */
function packets(text) {
  const lines = [];
  for (let at = 0; at < text.length;) {
    const length = Math.max(4, Number.parseInt(text.slice(at, at + 4), 16) || 4);
    lines.push(text.slice(at + 4, at + length).trim());
    at += length;
  }
  return lines;
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
