#!/usr/bin/env node
// Runs one job of a workflow and prints its log. Exits with 0 when the job succeeded or was skipped, else with 1.

import {readFile, writeFile} from 'node:fs/promises';
import {parseArgs} from 'node:util';

import {runWorkflow} from './run-workflow.mjs';

const USAGE = `usage: cli.mjs --repo DIR --workflow FILE [options]

  --job ID              the job to run (default: the first)
  --event NAME          the event (default: push)
  --event-file FILE     its payload, as JSON
  --repository OWNER/NAME, --sha SHA, --ref REF
  --env NAME=VALUE      a variable of the machine; repeatable
  --secret NAME=VALUE   a secret; repeatable
  --var NAME=VALUE      a configuration variable (vars); repeatable
  --action NAME=DIR     where to find the action NAME; repeatable
  --json FILE           write the result there
`;

const text = {type: 'string'};
const list = {type: 'string', multiple: true, default: []};
const options = {
  'repo': text, 'workflow': text, 'job': text, 'event': text, 'event-file': text, 'repository': text, 'sha': text,
  'ref': text, 'json': text, 'env': list, 'secret': list, 'var': list, 'action': list,
};

async function main() {
  const {values} = parseArgs({options});
  if (!values.repo || !values.workflow) {
    process.stderr.write(USAGE);
    return 2;
  }
  const result = await runWorkflow({
    repo: values.repo,
    workflow: values.workflow,
    job: values.job,
    event: values.event,
    eventPayload: values['event-file'] && JSON.parse(await readFile(values['event-file'], 'utf8')),
    repository: values.repository,
    sha: values.sha,
    ref: values.ref,
    env: pairs(values.env),
    secrets: pairs(values.secret),
    vars: pairs(values.var),
    actions: pairs(values.action),
  });
  process.stdout.write(`${result.log}\n`);
  if (values.json) {
    await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  }
  return result.status === 'failure' ? 1 : 0;
}

function pairs(entries) {
  return Object.fromEntries(entries.map((entry) => {
    const equals = entry.indexOf('=');
    if (equals < 1) {
      throw new Error(`expected NAME=VALUE, got '${entry}'`);
    }
    return [entry.slice(0, equals), entry.slice(equals + 1)];
  }));
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`cli.mjs: ${error.message}\n`);
  process.exitCode = 2;
}
