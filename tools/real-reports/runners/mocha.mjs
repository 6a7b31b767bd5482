import { scripts } from "../scripts.mjs";

export default {
  name: "Mocha, mocha-junit-reporter",
  // The reporter does not start with Mocha 12.
  npm: ["mocha@11", "mocha-junit-reporter"],
  version: "mocha --version",
  command: "mocha --reporter mocha-junit-reporter --reporter-options mochaFile=reports/junit.xml '*.test.mjs'",
  tests: scripts({
    head: "",
    name: (word) => `${word}.test.mjs`,
    test: "it",
    after: "after",
    rerun: 'it("adds", () => { runs += 1; if (runs === 1) throw new Error("not yet"); }).retries(1);\n',
  }),
};
