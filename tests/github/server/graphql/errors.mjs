// Errors with the `type` that GitHub gives them.
import { GraphQLError } from 'graphql';

export function typed(type, message) {
  return new GraphQLError(message, { extensions: { type } });
}

export const notResolved = (what) => typed('NOT_FOUND', `Could not resolve to ${what}.`);

/** An error of an execution as GitHub sends it: `type` beside the message, no extensions. */
export function shown({ message, path, locations, extensions }) {
  return { ...(extensions?.type ? { type: extensions.type } : {}), path, locations, message };
}
