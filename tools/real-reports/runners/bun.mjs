import { scripts } from "../scripts.mjs";

export default {
  name: "Bun",
  npm: ["bun"],
  others: { bun: "npm install bun, with its install script allowed" },
  version: "bun --version",
  command: "bun test --reporter=junit --reporter-outfile=reports/junit.xml",
  tests: scripts({
    head: 'import { describe, test } from "bun:test";',
    name: (word) => `${word}.test.mjs`,
    rerun: 'test("adds", () => { runs += 1; if (runs === 1) throw new Error("not yet"); }, { retry: 1 });\n',
  }),
};
