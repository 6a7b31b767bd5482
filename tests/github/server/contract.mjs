// Holds every exchange against GitHub's own contract, so that neither the program nor this server can drift from it.
import fs from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse, validate } from 'graphql';

/** The version of GitHub's API that the contract describes. */
const API_VERSION = '2022-11-28';

const REST = new URL('../contract/rest.json', import.meta.url);

export class Contract {
  #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  #operations;
  #checks = new Map();
  #queries = new Map(); // what is wrong with each
  #schema;

  /** `schema` is the GraphQL schema. */
  constructor(schema) {
    const { $defs, operations } = JSON.parse(fs.readFileSync(REST, 'utf8'));
    addFormats(this.#ajv);
    this.#ajv.addSchema({ $id: 'github', $defs });
    this.#operations = operations.map((operation) => ({ ...operation, pattern: pattern(operation.path) }));
    this.#schema = schema;
  }

  /** What is wrong with an exchange, as sentences. */
  violations(exchange) {
    const found = [...(exchange.graphql ? this.#graphql(exchange) : this.#rest(exchange)), ...this.#version(exchange)];
    return found.map((problem) => `#${exchange.number} ${exchange.method} ${exchange.path}: ${problem}`);
  }

  /** Without the header, a server answers by its own default version, which changes one day. */
  #version({ admin, requestHeaders }) {
    const asked = requestHeaders?.['x-github-api-version'];
    return admin || asked === API_VERSION ? [] : [`request: the header x-github-api-version is ${asked ?? 'missing'}, not ${API_VERSION}`];
  }

  #graphql({ request }) {
    const query = request?.query ?? '';
    if (!this.#queries.has(query)) this.#queries.set(query, this.#problems(query));
    return this.#queries.get(query);
  }

  #problems(query) {
    try {
      return validate(this.#schema, parse(query)).map((error) => `query: ${error.message}`);
    } catch (error) {
      return [`query: ${error.message}`];
    }
  }

  #rest({ method, path, request, status, response, admin, faulted }) {
    const url = new URL(path, 'http://localhost');
    const operation = this.#find(method, url.pathname);
    // A test may build its history with more of the API than the program uses.
    if (!operation) return admin ? [] : ['not an operation of the contract'];
    const refused = status === 422 || status === 404 || status === 405; // a test may provoke these on purpose
    return [
      ...[...url.searchParams.keys()].filter((name) => !operation.query[name]).map((name) => `query: unknown parameter "${name}"`),
      ...(refused ? [] : this.#request(operation, request)),
      ...(faulted ? [] : this.#response(operation, status, response)),
    ];
  }

  /** The most specific operation: `/releases/latest` before `/releases/{release_id}`. */
  #find(method, path) {
    const fitting = this.#operations.filter((operation) => operation.method === method && operation.pattern.test(path));
    const literals = (operation) => operation.path.split('/').filter((segment) => !segment.startsWith('{')).length;
    return fitting.sort((a, b) => literals(b) - literals(a))[0];
  }

  #request(operation, body) {
    if (!operation.request) return body === undefined ? [] : ['request: a body where none is expected'];
    if (body === undefined) return operation.request_required ? ['request: the body is missing'] : [];
    const known = operation.request.properties;
    const unknown = known && !operation.request.additionalProperties ? Object.keys(body).filter((name) => !(name in known)) : [];
    return [
      ...unknown.map((name) => `request: unknown property "${name}"`),
      ...this.#errors(`${operation.id} request`, operation.request, body).map((error) => `request: ${error}`),
    ];
  }

  #response(operation, status, body) {
    const documented = operation.responses[status];
    if (!documented) {
      // Refusals that any operation may give are not written down with each.
      if (status < 400 && status !== 304) return [`response: status ${status} is not documented`];
      return typeof body?.message === 'string' || status === 304 ? [] : [`response: status ${status} without a message`];
    }
    if (!documented.schema) return body === undefined ? [] : [`response: a body with status ${status}`];
    return this.#errors(`${operation.id} ${status}`, documented.schema, body).map((error) => `response: ${error}`);
  }

  #errors(id, schema, value) {
    if (!this.#checks.has(id)) this.#checks.set(id, this.#ajv.compile(absolute(schema)));
    const check = this.#checks.get(id);
    return check(value) ? [] : check.errors.map(({ instancePath, message, params }) =>
      `${instancePath || '/'} ${message}${params?.additionalProperty ? ` "${params.additionalProperty}"` : ''}`);
  }
}

// A ref and a path may hold slashes, everything else is one segment.
const LONG = new Set(['ref', 'path', 'basehead', 'tag']);

function pattern(path) {
  const text = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name) => (LONG.has(name) ? '.+' : '[^/]+'));
  return new RegExp(`^${text}$`);
}

/** The operations' references point into the shared definitions. */
const absolute = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"github#/$defs/'));
