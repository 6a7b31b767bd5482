import { scripts } from "../scripts.mjs";

const reporter = `import reporters from "jasmine-reporters";
// Jasmine refuses two tests of one name unless it is told not to.
jasmine.getEnv().configure({ forbidDuplicateNames: false });
jasmine.getEnv().addReporter(new reporters.JUnitXmlReporter({ savePath: "reports" }));
`;

export default {
  name: "Jasmine, jasmine-reporters",
  npm: ["jasmine", "jasmine-reporters"],
  version: "jasmine version",
  setup: { "reporter.mjs": reporter },
  command: "jasmine --random=false --helper=reporter.mjs '*.spec.mjs'",
  tests: scripts({ head: "", name: (word) => `${word}.spec.mjs`, test: "it", after: "afterAll" }),
  unreported: { "tear-down fails": "jasmine-reporters reports no error of `afterAll`." },
};
