#!/usr/bin/env node
// The steps of a release, as the release workflow calls them. docs/dev/releasing.md describes them.
//
//   node tools/release/run.mjs plan VERSION             checks the commit, writes step outputs
//   node tools/release/run.mjs draft VERSION            creates the draft, or finds it
//   node tools/release/run.mjs checksums VERSION DIR    writes DIR/SHA256SUMS
//   node tools/release/run.mjs publish VERSION DIR      commits the checksums, pushes the tag, uploads DIR, publishes, moves the major tag
//   node tools/release/run.mjs verify A B               checks that commit B adds only the checksums to commit A

import {appendFile, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {checksumsText, sha256} from './checksums.mjs';
import {commitChecksums, pushTag, verifyCommits} from './commits.mjs';
import {connect} from './github.mjs';
import {planRelease} from './plan.mjs';
import {moveMajorTag, prepareDraft, publishDraft, uploadAssets} from './publish.mjs';
import {programsIn} from './targets.mjs';

const repository = process.cwd();
const environment = process.env;

// The checkout keeps no credentials. git reads the token from its environment, where no list of processes shows it.
if (environment.GITHUB_TOKEN && environment.GITHUB_SERVER_URL) {
  const login = Buffer.from(`x-access-token:${environment.GITHUB_TOKEN}`).toString('base64');
  environment.GIT_CONFIG_COUNT = '1';
  environment.GIT_CONFIG_KEY_0 = `http.${environment.GITHUB_SERVER_URL}/.extraheader`;
  environment.GIT_CONFIG_VALUE_0 = `AUTHORIZATION: basic ${login}`;
}

const steps = {
  async plan(version) {
    const {tag, commit, prerelease} = planRelease(repository, version, environment);
    console.log(`${tag} will be built from ${commit}.`);
    if (environment.GITHUB_OUTPUT) {
      await appendFile(environment.GITHUB_OUTPUT, `tag=${tag}\ncommit=${commit}\nprerelease=${prerelease}\n`);
    }
  },

  async draft(version) {
    const draft = await prepareDraft(connect(environment), planRelease(repository, version, environment));
    console.log(`Draft: ${draft.html_url}`);
  },

  async checksums(version, folder) {
    await programsIn(folder, `v${version}`);
    const names = (await readdir(folder)).filter((name) => name !== 'SHA256SUMS').sort();
    const lines = await Promise.all(names.map(async (name) => `${await sha256(join(folder, name))}  ${name}\n`));
    await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
    console.log(lines.join('').trim());
  },

  async publish(version, folder) {
    const github = connect(environment);
    const plan = planRelease(repository, version, environment);
    const draft = await prepareDraft(github, plan);
    const tagged = commitChecksums(repository, plan.commit, plan.tag, await checksumsText(folder, plan.tag, plan.base));
    pushTag(repository, plan.tag, tagged);
    await uploadAssets(github, draft, folder);
    const release = await publishDraft(github, draft, tagged);
    const moved = await moveMajorTag(github, plan.tag, tagged);
    console.log(`Published ${release.html_url} at ${tagged}, built from ${plan.commit}. Major tag: ${moved ? 'moved' : 'not moved'}.`);
  },

  async verify(built, tagged) {
    verifyCommits(repository, built, tagged);
    console.log(`${tagged} adds only the checksums to ${built}.`);
  },
};

const [step, ...values] = process.argv.slice(2);
if (!Object.hasOwn(steps, step ?? '') || values.length !== steps[step].length || values.includes('')) {
  console.error('Usage: run.mjs plan|draft VERSION, run.mjs checksums|publish VERSION DIR, or run.mjs verify A B');
  process.exitCode = 2;
} else {
  await steps[step](...values).catch((error) => {
    // As an annotation, with the line breaks of a list of problems.
    const text = environment.GITHUB_ACTIONS ? `::error::${error.message.replaceAll('%', '%25').replaceAll('\n', '%0A')}` : error.message;
    console.error(text);
    process.exitCode = 1;
  });
}
