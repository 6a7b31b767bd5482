const cases = (...tests) =>
  `*** Test Cases ***\n${tests.map(([name, expected]) => `${name}\n    Should Be Equal As Integers    \${1+1}    ${expected}\n`).join("\n")}`;

export default {
  name: "Robot Framework",
  pip: ["robotframework"],
  version: "robot --version",
  command: "robot --output NONE --log NONE --report NONE --xunit reports/xunit.xml suites",
  tests: {
    passing: { "suites/passing.robot": cases(["Adds", 2], ["Subtracts", 2]) },
    failing: { "suites/failing.robot": cases(["Multiplies", 3], ["Divides", 2]) },
    namesakes: { "suites/namesakes.robot": cases(["Adds", 3], ["Adds", 2], ["Subtracts", 2]) },
    broken: { "suites/broken.robot": `*** Settings ***\nLibrary    NotThere\n\n*** Test Cases ***\nAdds\n    Add Numbers\n` },
    tearDown: {
      "suites/teardown.robot": `*** Settings ***\nSuite Teardown    Fail    not removed\n\n${cases(["Adds", 2])}`,
    },
  },
};
