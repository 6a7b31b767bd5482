// What GitHub checks before it runs a query: every connection bounded, pages of at most 100, at most 500,000 nodes;
// and the price in points. https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
import { getNamedType, Kind } from 'graphql';

const MOST_NODES = 500_000;
const MOST_IDS = 100;

/** The cost of a document, the nodes it may return, and what is wrong with it. */
export function price(schema, document, variables = {}) {
  const fragments = new Map(document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]));
  const total = { requests: 0, nodes: 0, errors: [] };
  const defaults = new Map(document.definitions.flatMap(({ variableDefinitions = [] }) => variableDefinitions)
    .map(({ variable, defaultValue }) => [variable.name.value, defaultValue && Number(defaultValue.value)]));
  const number = (value) => {
    if (value.kind !== Kind.VARIABLE) return Number(value.value);
    return variables[value.name.value] ?? defaults.get(value.name.value);
  };

  // `nodes(ids:)` is as many nodes as it has ids; where they are not given, as many as it may have.
  const asked = (selection) => {
    const ids = selection.arguments.find(({ name }) => name.value === 'ids');
    return ids ? (variables[ids.value.name?.value]?.length ?? MOST_IDS) : 1;
  };

  const field = (selection, type, times) => {
    const found = type?.getFields?.()[selection.name.value];
    if (!found) return;
    const named = getNamedType(found.type);
    if (!named.name.endsWith('Connection')) {
      walk(selection.selectionSet, named, times * asked(selection));
      return;
    }
    const bound = selection.arguments.find(({ name }) => name.value === 'first' || name.value === 'last');
    const size = bound && number(bound.value);
    const problem = boundary(selection.name.value, bound?.name.value, size);
    if (problem) total.errors.push({ ...problem, path: ['query', selection.name.value] });
    total.requests += times;
    total.nodes += times * (size ?? 0);
    walk(selection.selectionSet, named, times * (size ?? 0));
  };

  const walk = (set, type, times) => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) field(selection, type, times);
      else {
        const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        walk(part.selectionSet, part.typeCondition ? schema.getType(part.typeCondition.name.value) : type, times);
      }
    }
  };

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, schema.getQueryType(), 1);
  }
  if (total.nodes > MOST_NODES) {
    const count = total.nodes.toLocaleString('en-US');
    total.errors.push({ type: 'MAX_NODE_LIMIT_EXCEEDED', message: `This query requests up to ${count} possible nodes which exceeds the maximum limit of 500,000.` });
  }
  return { cost: Math.max(1, Math.round(total.requests / 100)), nodeCount: total.nodes, errors: total.errors };
}

function boundary(name, argument, size) {
  if (size == null) {
    return { type: 'MISSING_PAGINATION_BOUNDARIES', message: `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.` };
  }
  if (size > 100) {
    return { type: 'EXCESSIVE_PAGINATION', message: `Requesting ${size} records on the \`${name}\` connection exceeds the \`${argument}\` limit of 100 records.` };
  }
  if (size < 1) {
    return { type: 'INSUFFICIENT_PAGINATION', message: `Requesting ${size} records on the \`${name}\` connection is less than the \`${argument}\` minimum of 1 record.` };
  }
  return undefined;
}
