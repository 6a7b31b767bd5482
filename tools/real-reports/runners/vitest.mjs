import { scripts } from "../scripts.mjs";

export default {
  name: "Vitest",
  npm: ["vitest"],
  version: "vitest --version",
  command: "vitest run --reporter=default --reporter=junit --outputFile.junit=reports/junit.xml",
  tests: scripts({
    head: 'import { afterAll, describe, test } from "vitest";',
    after: "afterAll",
    name: (word) => `${word}.test.mjs`,
    rerun: 'test("adds", { retry: 1 }, () => { runs += 1; if (runs === 1) throw new Error("not yet"); });\n',
  }),
};
