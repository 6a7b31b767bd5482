// GitHub's schema as cut, and what an older Enterprise Server has of it.
import fs from 'node:fs';
import { buildASTSchema, Kind, parse, visit } from 'graphql';

const document = parse(fs.readFileSync(new URL('../../contract/schema.graphql', import.meta.url), 'utf8'));

/** All of it. */
export const schema = buildASTSchema(document);

/** Without some of its names: `Issue.issueType`, `IssueFilters.type`, or an argument as `Issue.stateReason.enableDuplicate`. */
export function schemaWithout(names) {
  const hidden = new Set(names);
  const missed = new Set(names);
  const dropped = (name) => hidden.has(name) && missed.delete(name);
  const fields = (type) => type.fields.filter((field) => !dropped(`${type.name.value}.${field.name.value}`)).map((field) => ({
    ...field, arguments: field.arguments?.filter((argument) => !dropped(`${type.name.value}.${field.name.value}.${argument.name.value}`)),
  }));
  const edited = (type) => ({ ...type, fields: fields(type) });
  const smaller = visit(document, { [Kind.OBJECT_TYPE_DEFINITION]: edited, [Kind.INPUT_OBJECT_TYPE_DEFINITION]: edited });
  if (missed.size) throw new Error(`not in the schema: ${[...missed].join(', ')}`);
  return buildASTSchema(smaller);
}
