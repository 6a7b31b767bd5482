// The commands that a step prints: `::error file=a.js,line=3::message` and the older `##[error]message`.

import {isAbsolute, relative} from 'node:path';

const MARKERS = ['error', 'warning', 'notice'];
const GROUPS = ['group', 'endgroup'];
const DISABLED = ['set-env', 'add-path'];
/** Accepted, without a visible effect here. */
const SILENT = ['debug', 'echo', 'save-state', 'add-matcher', 'remove-matcher'];
const KNOWN = new Set([...MARKERS, ...GROUPS, ...DISABLED, ...SILENT, 'add-mask', 'set-output', 'stop-commands']);

/** Annotation properties in the spelling that the result uses; a command may spell them in any case. */
const PROPERTIES = ['title', 'file', 'line', 'endLine', 'col', 'endColumn'];

/** Reads the output of one step line by line. `outputs` and `valid` are what its commands led to. */
export class CommandReader {
  outputs = {};
  /** False once a command was refused, which fails the step. */
  valid = true;
  #job;
  #stopToken = null;

  constructor(job) {
    this.#job = job;
  }

  /** Acts on a line if it is a command, and logs it if it is not. */
  read(line) {
    const {journal} = this.#job;
    const command = parseCommand(line, this.#stopToken);
    if (this.#stopToken !== null) {
      journal.write(line);
      if (command?.name === this.#stopToken.toLowerCase()) {
        this.#stopToken = null;
      }
    } else if (command === null) {
      journal.write(line);
    } else {
      try {
        this.#act(command, line);
      } catch (error) {
        const shown = command.name === 'add-mask' ? command.name : line;
        journal.error(`Unable to process command '${shown}' successfully.`);
        journal.error(error.message);
        this.valid = false;
      }
    }
  }

  #act({name, properties, data}, line) {
    const {journal, masks, machine} = this.#job;
    if (MARKERS.includes(name)) {
      journal.annotate(name, data, annotationProperties(properties, machine.workspace));
    } else if (GROUPS.includes(name)) {
      journal.write(`##[${name}]${data}`);
    } else if (name === 'add-mask') {
      masks.add(data);
    } else if (name === 'stop-commands') {
      this.#stop(data, line);
    } else if (name === 'set-output') {
      this.#setOutput(properties, data);
    } else if (DISABLED.includes(name)) {
      throw new Error(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
    }
  }

  #stop(token, line) {
    if (token === '' || token.toLowerCase() === 'pause-logging' || KNOWN.has(token.toLowerCase())) {
      throw new Error("You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.");
    }
    this.#stopToken = token;
    if (token.length > 6) {
      this.#job.masks.add(token);
    }
    this.#job.journal.write(line);
  }

  #setOutput(properties, data) {
    this.#job.journal.warning('The `set-output` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.');
    if (!properties.name) {
      throw new Error("Required field 'name' is missing in ##[set-output] command.");
    }
    this.outputs[properties.name] = data;
  }
}

/** The command in a line, or null. Only registered names and the token that ends a stop are commands. */
export function parseCommand(line, stopToken = null) {
  const current = /^\s*::(?<info>.*?)::(?<data>.*)$/s.exec(line);
  if (current) {
    const command = build(current.groups, {separator: ',', property: unescapeProperty, data: unescapeData}, stopToken);
    if (command) {
      return command;
    }
  }
  const legacy = /##\[(?<info>[^\]]*)\](?<data>.*)$/s.exec(line);
  return legacy && build(legacy.groups, {separator: ';', property: unescapeLegacy, data: unescapeLegacy}, stopToken);
}

function build({info, data}, syntax, stopToken) {
  const space = info.indexOf(' ');
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  if (!KNOWN.has(name) && name !== stopToken?.toLowerCase()) {
    return null;
  }
  const properties = {};
  const list = space < 0 ? '' : info.slice(space + 1).trim();
  for (const property of list.split(syntax.separator)) {
    const equals = property.indexOf('=');
    if (equals > 0 && equals < property.length - 1) {
      properties[property.slice(0, equals).toLowerCase()] = syntax.property(property.slice(equals + 1));
    }
  }
  return {name, properties, data: syntax.data(data)};
}

function annotationProperties(properties, workspace) {
  const result = {};
  for (const name of PROPERTIES) {
    const value = properties[name.toLowerCase()];
    if (value !== undefined) {
      result[name] = value;
    }
  }
  if (result.file !== undefined && isAbsolute(result.file)) {
    const path = relative(workspace, result.file);
    result.file = path.startsWith('..') ? result.file : path;
  }
  return result;
}

function unescapeData(text) {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text) {
  const separators = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',');
  return separators.replaceAll('%25', '%');
}

function unescapeLegacy(text) {
  const separators = text.replaceAll('%3B', ';').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%5D', ']');
  return separators.replaceAll('%25', '%');
}
