// GraphQL: GitHub's own schema, executed over the same state that REST serves.
import { execute, getOperationAST, parse, validate } from 'graphql';
import { price } from './graphql/cost.mjs';
import { shown } from './graphql/errors.mjs';
import { nodeOf } from './graphql/node.mjs';
import { repositoryNode } from './graphql/repository.mjs';
import { actor } from './graphql/simple.mjs';
import { limitHeaders } from './limits.mjs';
import { refuse, reply } from './reply.mjs';

/** Answers a POST to /graphql. Almost everything is a 200, refusals included. */
export async function graphql(request) {
  const { body, account, token, limits, schema } = request;
  if (!account) return refuse(401, 'This endpoint requires you to be authenticated.');
  if (typeof body?.query !== 'string') return refuse(400, 'A query attribute must be specified and must be a string.');
  const { document, mistakes } = understood(schema, body.query);
  if (!document) return reply(200, { errors: mistakes.map(({ message, locations }) => ({ message, locations })) });
  if (mistakes.length) {
    return reply(200, {
      errors: mistakes.map(({ message, locations }) => ({ path: ['query'], extensions: { code: 'invalid' }, locations, message })),
    });
  }
  const { cost, nodeCount, errors } = price(schema, document, body.variables);
  if (errors.length) return reply(200, { errors });

  const limit = limits.spend(token, 'graphql', cost);
  const headers = limitHeaders(limit, 'graphql');
  if (!limit.granted) {
    return reply(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }] }, headers);
  }
  const { data, errors: failed } = await execute({
    schema, document, variableValues: body.variables, operationName: body.operationName,
    rootValue: root(request, { cost, nodeCount, ...limit }),
  });
  return reply(200, { data, ...(failed ? { errors: failed.map(shown) } : {}) }, headers);
}

// A program asks the same queries again and again.
const known = new WeakMap();

/** A query as a document with its mistakes; no document if it is none. */
function understood(schema, text) {
  if (!known.has(schema)) known.set(schema, new Map());
  const queries = known.get(schema);
  if (!queries.has(text)) queries.set(text, read(schema, text));
  return queries.get(text);
}

function read(schema, text) {
  try {
    const document = parse(text);
    return { document, mistakes: validate(schema, document) };
  } catch (error) {
    return { mistakes: [error] };
  }
}

/** The name of the operation that a body asks for, for faults. */
export function operationName(body) {
  if (body?.operationName) return body.operationName;
  try {
    return getOperationAST(parse(body.query))?.name?.value;
  } catch {
    return undefined;
  }
}

function root(request, { cost, nodeCount, limit, remaining, used, reset }) {
  const { account, upstream } = request;
  return {
    rateLimit: { cost, nodeCount, limit, remaining, used, resetAt: new Date(reset * 1000).toISOString().replace('.000Z', 'Z') },
    viewer: async () => {
      const user = actor(await upstream.read(`/users/${encodeURIComponent(account.login)}`));
      // A workflow's token sees itself under the full name, unlike as an author.
      return { ...user, __typename: 'User', login: account.login };
    },
    repository: (args) => repositoryNode(request, args),
    node: ({ id }) => nodeOf(request, id),
    nodes: ({ ids }) => ids.map((id) => nodeOf(request, id)),
  };
}
