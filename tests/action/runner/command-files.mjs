// The files through which a step speaks to the runner: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH and GITHUB_STEP_SUMMARY.

import {randomUUID} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

/** Each command file: its key in the `github` context, and the start of its name. */
const FILES = {
  output: 'set_output_',
  env: 'set_env_',
  path: 'add_path_',
  step_summary: 'step_summary_',
  state: 'save_state_',
};

/** Variables that a step may not set for the steps after it. */
const BLOCKED_VARIABLES = ['NODE_OPTIONS'];

/** Makes the empty files of one step. Their paths, by key in the `github` context. */
export async function createCommandFiles(temp) {
  const folder = join(temp, '_runner_file_commands');
  const suffix = randomUUID();
  await mkdir(folder, {recursive: true});
  const paths = {};
  for (const [key, prefix] of Object.entries(FILES)) {
    paths[key] = join(folder, prefix + suffix);
    await writeFile(paths[key], '');
  }
  return paths;
}

/**
 * Reads the files back after the step: the outputs that it set, and whether every file could be read.
 * Variables, path entries and the summary go to the job.
 */
export async function processCommandFiles(paths, job) {
  const outputs = {};
  let valid = true;
  const readers = {
    output: (text) => Object.assign(outputs, Object.fromEntries(parsePairs(text))),
    env: (text) => setVariables(parsePairs(text), job),
    path: (text) => addPaths(text, job),
  };
  for (const [key, read] of Object.entries(readers)) {
    try {
      read(await readFile(paths[key], 'utf8'));
    } catch (error) {
      job.journal.error(`Unable to process file command '${key}' successfully.`);
      job.journal.error(error.message);
      valid = false;
    }
  }
  job.journal.summarize(await readFile(paths.step_summary));
  return {outputs, valid};
}

/**
 * The `NAME=value` lines and `NAME<<DELIMITER` blocks of a command file, in order.
 * Lines end with LF only: a CR belongs to the value.
 */
export function parsePairs(text) {
  const lines = text.split('\n');
  const pairs = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line === '') {
      continue;
    }
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else if (heredoc >= 0) {
      const block = readBlock(lines, index, heredoc);
      pairs.push([block.name, block.value]);
      index = block.end;
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}

function readBlock(lines, start, heredoc) {
  const name = lines[start].slice(0, heredoc);
  const delimiter = lines[start].slice(heredoc + 2);
  if (name === '' || delimiter === '') {
    throw new Error(`Invalid format '${lines[start]}'. Name must not be empty and delimiter must not be empty`);
  }
  const end = lines.indexOf(delimiter, start + 1);
  if (end < 0) {
    throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  }
  return {name, value: lines.slice(start + 1, end).join('\n'), end};
}

function setVariables(pairs, job) {
  for (const [name, value] of pairs) {
    if (BLOCKED_VARIABLES.includes(name.toUpperCase())) {
      job.journal.error(`Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
    } else {
      job.env[name] = value;
    }
  }
}

function addPaths(text, job) {
  for (const entry of text.split(/\r?\n/).filter(Boolean)) {
    job.path = [entry, ...job.path.filter((other) => other !== entry)];
  }
}
