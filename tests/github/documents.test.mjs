// Every GraphQL document that the program can send, whether or not a test makes it send it. `cargo test` writes them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse, validate } from 'graphql';
import { price } from './server/graphql/cost.mjs';
import { schema } from './server/graphql/schema.mjs';
import { program } from './shop.mjs';

const file = join(dirname(program()), '../tmp/graphql-documents.json');
const documents = Object.entries(JSON.parse(await readFile(file, 'utf8').catch(() => {
  throw new Error(`${file} is missing: run \`cargo test --test documents\` first`);
})));

describe('every GraphQL document', () => {
  for (const [name, text] of documents) {
    it(`${name} fits GitHub's schema and its limits`, () => {
      const document = parse(text);
      assert.deepEqual(validate(schema, document).map(({ message }) => message), []);
      const { errors } = price(schema, document, { first: 100 });
      assert.deepEqual(errors, []);
    });
  }
});
