// Evaluates `${{ … }}` with GitHub's own expression library.

import {Evaluator, Lexer, Parser, data} from '@actions/expressions';

/** The contexts that may be named in each place of a workflow or an action, as GitHub documents them. */
const STEP = ['github', 'inputs', 'vars', 'needs', 'strategy', 'matrix', 'secrets', 'steps', 'job', 'runner', 'env'];
const COMPOSITE = ['github', 'inputs', 'strategy', 'matrix', 'steps', 'job', 'runner', 'env'];
const PLACES = {
  'workflow-env': ['github', 'secrets', 'inputs', 'vars'],
  'job-env': ['github', 'needs', 'strategy', 'matrix', 'vars', 'secrets', 'inputs'],
  'job-if': ['github', 'needs', 'vars', 'inputs'],
  'job-outputs': STEP,
  'step': STEP,
  'step-if': STEP.filter((name) => name !== 'secrets'),
  'composite': COMPOSITE,
  'composite-if': COMPOSITE,
  'input-default': ['github', 'strategy', 'matrix', 'job', 'runner'],
};

const STATUS_FUNCTIONS = ['success', 'failure', 'always', 'cancelled'];

/**
 * Replaces every `${{ … }}` of a text by its value.
 * `values` holds the contexts by name; naming one that the place does not offer is an error.
 */
export function interpolate(text, place, values) {
  let result = '';
  for (const part of splitExpressions(String(text))) {
    result += part.literal ?? evaluate(part.expression, place, values).coerceString();
  }
  return result;
}

/** Interpolates every value of a mapping such as `env:` or `with:`. */
export function interpolateAll(mapping, place, values) {
  const entries = Object.entries(mapping ?? {});
  return Object.fromEntries(entries.map(([key, text]) => [key, interpolate(text ?? '', place, values)]));
}

/**
 * Decides an `if:`. `status` is the state of the job or of the composite action so far.
 * A condition that calls no status function is only looked at when everything before it succeeded.
 */
export function condition(text, place, values, status) {
  const expression = stripBraces(String(text ?? '').trim()) || 'success()';
  const tokens = new Lexer(expression).lex().tokens;
  const asksForStatus = tokens.some((token, index) =>
    STATUS_FUNCTIONS.includes(token.lexeme.toLowerCase()) && tokens[index + 1]?.lexeme === '(');
  if (!asksForStatus && status !== 'success') {
    return false;
  }
  return isTrue(evaluate(expression, place, values, statusFunctions(status)));
}

/** Decides a field that holds a boolean or an expression, such as `continue-on-error:`. */
export function flag(field, place, values) {
  return field !== undefined && interpolate(field, place, values) === 'true';
}

/** Cuts a text into literals and expressions. A `}}` inside a quoted string does not end its expression. */
function splitExpressions(text) {
  const parts = [];
  let position = 0;
  for (;;) {
    const start = text.indexOf('${{', position);
    if (start < 0) {
      parts.push({literal: text.slice(position)});
      return parts;
    }
    const end = findEnd(text, start + 3);
    parts.push({literal: text.slice(position, start)}, {expression: text.slice(start + 3, end).trim()});
    position = end + 2;
  }
}

function findEnd(text, from) {
  let quoted = false;
  for (let index = from; index < text.length; index++) {
    if (text[index] === "'") {
      quoted = !quoted;
    } else if (!quoted && text.startsWith('}}', index)) {
      return index;
    }
  }
  throw new Error(`The expression is not closed: ${text.slice(from - 3, from + 40)}`);
}

function stripBraces(text) {
  const parts = splitExpressions(text).filter((part) => part.literal !== '');
  return parts.length === 1 && parts[0].expression !== undefined ? parts[0].expression : text;
}

function evaluate(expression, place, values, functions = new Map()) {
  const names = PLACES[place];
  const tree = new Parser(new Lexer(expression).lex().tokens, names, [...functions.values()]).parse();
  if (tree === undefined) {
    throw new Error('An expression was expected');
  }
  const contexts = new data.Dictionary();
  for (const name of names) {
    contexts.add(name, toData(values[name] ?? {}));
  }
  return new Evaluator(tree, contexts, functions).evaluate();
}

function statusFunctions(status) {
  const answers = {success: status === 'success', failure: status === 'failure', always: true, cancelled: false};
  return new Map(STATUS_FUNCTIONS.map((name) => {
    const call = () => new data.BooleanData(answers[name]);
    return [name, {name, minArgs: 0, maxArgs: 0, call}];
  }));
}

function toData(value) {
  return JSON.parse(JSON.stringify(value), data.reviver);
}

function isTrue(value) {
  switch (value.kind) {
    case data.Kind.Null: return false;
    case data.Kind.Boolean: return value.value;
    case data.Kind.Number: return value.value !== 0 && !Number.isNaN(value.value);
    case data.Kind.String: return value.value !== '';
    default: return true;
  }
}
