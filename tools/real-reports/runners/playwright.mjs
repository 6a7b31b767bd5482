import { scripts } from "../scripts.mjs";

const all = "PLAYWRIGHT_JUNIT_OUTPUT_NAME=reports/junit.xml playwright test --reporter=line,junit";
const { namesakes, ...tests } = scripts({
  head: 'import { test } from "@playwright/test";',
  name: (word) => `${word}.spec.mjs`,
  describe: "test.describe",
  after: "test.afterAll",
  rerun: 'test("adds", ({}, info) => { if (info.retry === 0) throw new Error("not yet"); });\n',
});

export default {
  name: "Playwright",
  npm: ["@playwright/test"],
  version: "playwright --version",
  command: all,
  commands: {
    // Playwright refuses two tests of one title in a file, but runs one twice: it fails, then passes.
    "two of one name": `${all} --repeat-each=2 --workers=1`,
    "rerun passes": `${all} --retries=1`,
  },
  tests: {
    ...tests,
    namesakes: {
      "namesakes.spec.mjs":
        'import { test } from "@playwright/test";\ntest("adds", ({}, info) => { if (info.repeatEachIndex === 0) throw new Error("1 + 1 is 3"); });\ntest("subtracts", () => {});\n',
    },
  },
};
