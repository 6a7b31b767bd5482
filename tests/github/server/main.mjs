#!/usr/bin/env node
// usage: node server/main.mjs [--port N] [--record FILE] [--clock TIME]
// A local GitHub for use by hand, with the repository acme/shop. With --child it takes its orders from its parent.
import { once } from 'node:events';
import { serve } from './server.mjs';

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));

if (process.argv.includes('--child')) {
  process.once('disconnect', () => process.exit(0));
  const [orders] = await once(process, 'message');
  try {
    const { url } = await serve(orders);
    process.send({ url });
  } catch (error) {
    process.send({ error: error.stack });
  }
} else {
  const { url } = await serve({ port: Number(option('port') ?? 4200), record: option('record'), clock: option('clock') });
  process.stdout.write(`local GitHub on ${url}\ntokens: ghs_write, ghs_read (workflow), ghp_admin, ghp_outsider (people)\n`);
}
