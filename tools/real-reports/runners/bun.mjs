import { scripts } from "../scripts.mjs";

export default {
  name: "Bun",
  npm: ["bun"],
  version: "bun --version",
  command: "bun test --reporter=junit --reporter-outfile=reports/junit.xml",
  tests: scripts({
    head: 'import { afterAll, describe, test } from "bun:test";',
    after: "afterAll",
    name: (word) => `${word}.test.mjs`,
    rerun: 'test("adds", () => { runs += 1; if (runs === 1) throw new Error("not yet"); }, { retry: 1 });\n',
  }),
  unreported: { "one file cannot start": "Bun leaves out a file that it cannot load." },
};
