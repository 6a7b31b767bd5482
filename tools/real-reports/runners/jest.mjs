import { scripts } from "../scripts.mjs";

export default {
  name: "Jest, jest-junit",
  npm: ["jest", "jest-junit", "babel-jest", "@babel/preset-env"],
  version: "jest --version",
  setup: {
    "package.json": '{ "jest-junit": { "outputFile": "reports/junit.xml" } }\n',
    "babel.config.cjs": 'module.exports = { presets: [["@babel/preset-env", { targets: { node: "current" } }]] };\n',
  },
  command: "jest --ci --reporters=default --reporters=jest-junit",
  tests: scripts({
    head: "",
    after: "afterAll",
    name: (word) => `${word}.test.js`,
    rerun: 'jest.retryTimes(1);\ntest("adds", () => { runs += 1; if (runs === 1) throw new Error("not yet"); });\n',
  }),
  unreported: {
    "one file cannot start":
      'jest-junit leaves out a file that Jest cannot load, unless its option `reportTestSuiteErrors` is `"true"`.',
  },
};
