#!/usr/bin/env node
// Cuts what the project uses out of GitHub's two contracts. usage: node contract/cut.mjs --shared DIR
import fs from 'node:fs';
import path from 'node:path';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType, getNamedType, printSchema,
  GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema,
  GraphQLUnionType, isListType, isNonNullType, isScalarType } from 'graphql';
import { OPERATIONS, FIELDS, POSSIBLE } from './kept.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const shared = process.argv[process.argv.indexOf('--shared') + 1];
if (!process.argv.includes('--shared') || !shared) {
  process.stderr.write('usage: node contract/cut.mjs --shared DIR\n');
  process.exitCode = 2;
} else {
  cutRest(path.join(shared, 'contract/github-rest.json'), path.join(here, 'rest.json'));
  cutGraphql(path.join(shared, 'contract/github.graphql'), path.join(here, 'schema.graphql'));
}

function cutRest(from, to) {
  const full = JSON.parse(fs.readFileSync(from, 'utf8'));
  // What an earlier cut has taken from a larger contract stays.
  const earlier = JSON.parse(fs.readFileSync(to, 'utf8'));
  const operations = OPERATIONS.map((wanted) => {
    const isIt = ({ method, path: p }) => `${method} ${p}` === wanted;
    const found = full.operations.find(isIt) ?? earlier.operations.find(isIt);
    if (!found) throw new Error(`not in the contract: ${wanted}`);
    return withoutExamples(found);
  });
  const $defs = {};
  const need = (value) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      if ($defs[name]) continue;
      $defs[name] = full.$defs[name] ?? earlier.$defs[name];
      need($defs[name]);
    }
  };
  need(operations);
  // One operation or definition a line: small, and a new cut shows what changed.
  const lines = (entries) => entries.join(',\n');
  fs.writeFileSync(to, [
    `{"openapi":${JSON.stringify(full.openapi)},`,
    `"operations":[\n${lines(operations.map((operation) => JSON.stringify(operation)))}\n],`,
    `"$defs":{\n${lines(Object.keys($defs).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify($defs[name])}`))}\n}}\n`,
  ].join('\n'));
}

function withoutExamples({ request_examples: _, ...operation }) {
  const responses = Object.entries(operation.responses).map(([status, { examples: __, ...response }]) => [status, response]);
  return { ...operation, responses: Object.fromEntries(responses) };
}

function cutGraphql(from, to) {
  const full = buildSchema(fs.readFileSync(from, 'utf8'), { assumeValid: true });
  const cut = new Map();

  const wrap = (type) => {
    if (isNonNullType(type)) return new GraphQLNonNull(wrap(type.ofType));
    if (isListType(type)) return new GraphQLList(wrap(type.ofType));
    return keep(type);
  };
  const args = (field) => Object.fromEntries(field.args.map((arg) => [arg.name, { type: wrap(arg.type), defaultValue: arg.defaultValue }]));
  const fields = (type) => () => {
    const wanted = FIELDS[type.name];
    const all = type.getFields();
    for (const name of wanted) if (!all[name]) throw new Error(`not in the schema: ${type.name}.${name}`);
    return Object.fromEntries(wanted.map((name) => [name, { type: wrap(all[name].type), args: args(all[name]) }]));
  };
  const interfaces = (type) => () => type.getInterfaces().filter(({ name }) => FIELDS[name]).map(keep);

  function keep(type) {
    if (isScalarType(type)) return type;
    if (!cut.has(type.name)) cut.set(type.name, make(type));
    return cut.get(type.name);
  }

  function make(type) {
    const { name } = type;
    if (isEnumType(type)) {
      return new GraphQLEnumType({ name, values: Object.fromEntries(type.getValues().map((value) => [value.name, {}])) });
    }
    if (isInputObjectType(type)) {
      const inputs = () => Object.fromEntries(Object.values(type.getFields())
        .map((field) => [field.name, { type: wrap(field.type), defaultValue: field.defaultValue }]));
      return new GraphQLInputObjectType({ name, fields: inputs });
    }
    if (isUnionType(type)) {
      const members = type.getTypes().filter((member) => FIELDS[member.name]);
      return new GraphQLUnionType({ name, types: () => members.map(keep) });
    }
    if (!FIELDS[name]) throw new Error(`reached, but kept.mjs lists no fields for it: ${name}`);
    if (isInterfaceType(type)) return new GraphQLInterfaceType({ name, fields: fields(type), interfaces: interfaces(type) });
    if (isObjectType(type)) return new GraphQLObjectType({ name, fields: fields(type), interfaces: interfaces(type) });
    throw new Error(`no way to keep ${name} (${getNamedType(type)})`);
  }

  const types = POSSIBLE.map((name) => keep(full.getType(name)));
  const schema = new GraphQLSchema({ query: keep(full.getQueryType()), types });
  fs.writeFileSync(to, `# Cut from GitHub's public GraphQL schema by contract/cut.mjs; see README.md for origin and licence.\n\n${printSchema(schema)}\n`);
}
