import { scripts } from "../scripts.mjs";

export default {
  name: "node:test",
  version: "node --version",
  command: "node --test --test-reporter=junit --test-reporter-destination=reports/junit.xml *.test.mjs",
  tests: scripts({
    head: 'import { after, describe, test } from "node:test";',
    name: (word) => `${word}.test.mjs`,
    after: "after",
  }),
  unreported: { "tear-down fails": "Node.js reports no error of `after`." },
};
