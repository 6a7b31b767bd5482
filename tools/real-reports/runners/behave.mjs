const feature = (name, ...scenarios) =>
  `Feature: ${name}\n${scenarios.map(([title, sum]) => `\n  Scenario: ${title}\n    Then 1 and 1 are ${sum}\n`).join("")}`;
const steps = `from behave import then


@then("1 and 1 are {sum:d}")
def check(context, sum):
    assert 1 + 1 == sum
`;

export default {
  name: "behave",
  pip: ["behave"],
  version: "behave --version",
  setup: { "features/steps/steps.py": steps },
  command: "behave --junit --junit-directory reports",
  tests: {
    passing: { "features/passing.feature": feature("passing", ["adds", 2], ["subtracts", 2]) },
    failing: { "features/failing.feature": feature("failing", ["multiplies", 3], ["divides", 2]) },
    namesakes: { "features/namesakes.feature": feature("namesakes", ["adds", 3], ["adds", 2], ["subtracts", 2]) },
    broken: { "features/broken.feature": `Nothing: broken\n${feature("broken", ["adds", 2])}` },
    tearDown: {
      "features/environment.py": 'def after_all(context):\n    raise OSError("not removed")\n',
      "features/teardown.feature": feature("teardown", ["adds", 2]),
    },
  },
  unreported: { "tear-down fails": "behave reports no error of `after_all`." },
};
