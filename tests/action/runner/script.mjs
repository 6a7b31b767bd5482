// Runs the script of a `run:` step in its shell.

import {spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {accessSync, constants, statSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {delimiter, join} from 'node:path';

/** The built-in shells: how the script file is passed, and how it is named. */
const SHELLS = {
  bash: {format: '--noprofile --norc -e -o pipefail {0}', extension: '.sh'},
  sh: {format: '-e {0}', extension: '.sh'},
  python: {format: '{0}', extension: '.py'},
  pwsh: {format: '-command ". \'{0}\'"', extension: '.ps1', wrap: wrapPowerShell},
};

/**
 * Runs a script and resolves to its exit code. `onLine` gets each line of both output streams as it arrives.
 * Without `shell`, bash runs it with less strictness than `shell: bash` does, as on GitHub.
 */
export async function runScript({script, shell, cwd, env, temp, onLine}) {
  const {program, format, extension, wrap} = parseShell(shell);
  const executable = shell ? which(program, env.PATH) : which('bash', env.PATH) ?? which('sh', env.PATH);
  if (!executable) {
    throw new Error(`${program}: command not found`);
  }
  const file = join(temp, randomUUID() + extension);
  await writeFile(file, wrap ? wrap(script) : script);
  const arguments_ = splitArguments(format).map((argument) => argument.replaceAll('{0}', file));
  return execute(executable, arguments_, {cwd, env, onLine});
}

function parseShell(shell) {
  const [program, ...rest] = (shell || 'sh').split(' ');
  const known = SHELLS[program];
  const format = rest.join(' ').trim() || known?.format || '';
  if (!format.includes('{0}')) {
    throw new Error("Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'");
  }
  return {program, format, extension: known?.extension ?? '', wrap: known?.wrap};
}

function wrapPowerShell(script) {
  const status = 'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }';
  return `$ErrorActionPreference = 'stop'\n${script}\n${status}`;
}

/** Splits at spaces outside double quotes. */
function splitArguments(format) {
  const words = format.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ''));
}

function which(program, path) {
  const candidates = program.includes('/') ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

function execute(executable, arguments_, {cwd, env, onLine}) {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, arguments_, {cwd, env, stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new LineSplitter(onLine);
      stream.setEncoding('utf8');
      stream.on('data', (text) => lines.push(text));
      stream.on('end', () => lines.finish());
    }
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

function signalNumber(signal) {
  return {SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15}[signal] ?? 0;
}

/** Cuts a stream into lines that end with LF, CR LF or a lone CR, as GitHub's runner reads them. */
export class LineSplitter {
  #rest = '';
  #onLine;

  constructor(onLine) {
    this.#onLine = onLine;
  }

  push(text) {
    this.#rest += text;
    // A CR at the very end may be half of a CR LF, so it waits for the next piece.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    lines.forEach(this.#onLine);
  }

  finish() {
    if (this.#rest !== '') {
      this.#onLine(this.#rest.replace(/\r$/, ''));
      this.#rest = '';
    }
  }
}
