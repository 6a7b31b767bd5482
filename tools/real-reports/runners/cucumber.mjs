const feature = (name, ...scenarios) =>
  `Feature: ${name}\n${scenarios.map(([title, sum]) => `\n  Scenario: ${title}\n    Then 1 and 1 are ${sum}\n`).join("")}`;
const steps = `import { Then } from "@cucumber/cucumber";
let runs = 0;
Then("1 and 1 are {int}", (sum) => { if (sum !== 2) throw new Error("they are 2"); });
Then("it is the second time", () => { runs += 1; if (runs === 1) throw new Error("not yet"); });
`;
const all = "cucumber-js --import 'steps/*.mjs' --format progress --format junit:reports/junit.xml";

export default {
  name: "cucumber-js",
  npm: ["@cucumber/cucumber"],
  version: "cucumber-js --version",
  setup: { "steps/steps.mjs": steps },
  command: all,
  commands: { "rerun passes": `${all} --retry 1` },
  tests: {
    passing: { "features/passing.feature": feature("passing", ["adds", 2], ["subtracts", 2]) },
    failing: { "features/failing.feature": feature("failing", ["multiplies", 3], ["divides", 2]) },
    namesakes: { "features/namesakes.feature": feature("namesakes", ["adds", 3], ["adds", 2], ["subtracts", 2]) },
    broken: { "features/broken.feature": `Nothing: broken\n${feature("broken", ["adds", 2])}` },
    rerun: { "features/rerun.feature": `${feature("rerun", ["subtracts", 2])}\n  Scenario: adds\n    Then it is the second time\n` },
    tearDown: {
      "steps/teardown.mjs": `import { AfterAll } from "@cucumber/cucumber";\nAfterAll(() => { throw new Error("not removed"); });\n`,
      "features/teardown.feature": feature("teardown", ["adds", 2]),
    },
  },
};
