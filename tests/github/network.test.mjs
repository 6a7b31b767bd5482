// Companies' networks: a server with a certificate of its own, behind a proxy.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openShop } from './shop.mjs';

const file = (name) => fileURLToPath(new URL(`./tls/${name}`, import.meta.url));
const QUICK = ['check', '--timeout', '5s', '--retry-wait', '5ms'];

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

/** The shop's GitHub under https. */
async function secured(url) {
  const [key, cert] = await Promise.all([readFile(file('server.key')), readFile(file('server.pem'))]);
  return https.createServer({ key, cert }, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = http.request(url + incoming.url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
}

/** A proxy that leads every tunnel to one port, and keeps what it was asked and all that it could read. */
function proxyTo(port, seen) {
  return http.createServer().on('connect', (request, client, head) => {
    seen.tunnels.push(request.url);
    seen.credentials = request.headers['proxy-authorization'];
    // Git says who it is only when it is asked.
    if (!seen.credentials) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const server = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      client.on('data', (bytes) => seen.bytes.push(bytes));
      client.pipe(server).pipe(client);
    });
    for (const socket of [client, server]) socket.on('error', () => {});
  });
}

describe('a GitHub of the company', () => {
  const seen = {};
  let [shop, server, proxy, direct, through] = [];
  before(async () => {
    shop = await openShop();
    server = await secured(shop.gh.url);
    const port = await listening(server);
    proxy = proxyTo(port, seen);
    direct = `https://localhost:${port}/api/v3`;
    through = `127.0.0.1:${await listening(proxy)}`;
  });
  after(async () => {
    for (const one of [server, proxy]) {
      one.closeAllConnections();
      one.close();
    }
    await shop.gh.close();
  });
  beforeEach(() => Object.assign(seen, { tunnels: [], bytes: [], credentials: undefined }));
  const gate = (url, env) => shop.gate({ args: QUICK, url, graphql: undefined, env: { GITHUB_GRAPHQL_URL: '', SSL_CERT_FILE: file('ca.pem'), ...env } });

  it('is read with its own certificate', async () => {
    const run = await gate(direct);
    assert.equal(run.code, 0, run.out + run.log);
  });

  it('is not read without it', async () => {
    const run = await gate(direct, { SSL_CERT_FILE: '' });
    assert.notEqual(run.code, 0);
    assert.match(run.out + run.log, /certificate/i);
  });

  it('is read through the proxy, which learns the host and nothing else', async () => {
    const run = await gate('https://github.example/api/v3', { HTTPS_PROXY: `http://user:secret@${through}` });
    assert.equal(run.code, 0, run.out + run.log);
    assert.deepEqual([...new Set(seen.tunnels)], ['github.example:443']);
    assert.equal(seen.credentials, `Basic ${Buffer.from('user:secret').toString('base64')}`);
    assert.ok(!Buffer.concat(seen.bytes).includes('ghs_write'), 'the token is inside the tunnel');
    assert.doesNotMatch(run.out + run.log, /secret/);
  });

  it('is read past the proxy where NO_PROXY says so', async () => {
    const run = await gate(direct, { HTTPS_PROXY: through, NO_PROXY: 'example.com,localhost' });
    assert.equal(run.code, 0, run.out + run.log);
    assert.deepEqual(seen.tunnels, []);
  });

  it('is not read when the proxy cannot be used, and the reason does not show its password', async () => {
    const gone = await gate('https://github.example/api/v3', { HTTPS_PROXY: 'http://user:secret@127.0.0.1:9' });
    assert.equal(gone.code, 3, gone.out + gone.log);
    const other = await gate('https://github.example/api/v3', { HTTPS_PROXY: 'socks5://user:secret@127.0.0.1:9' });
    assert.equal(other.code, 1, other.out + other.log);
    assert.match(other.log, /HTTPS_PROXY/);
    assert.doesNotMatch(gone.out + gone.log + other.log, /secret/);
  });
});
