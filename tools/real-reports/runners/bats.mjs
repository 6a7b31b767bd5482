const file = (...tests) => tests.map(([name, sum]) => `@test "${name}" {\n  [ $((1 + 1)) -eq ${sum} ]\n}\n`).join("\n");

export default {
  name: "bats",
  debian: { bats: "bats" },
  version: "bats --version",
  command: "bats --report-formatter junit --output reports *.bats",
  // bats refuses two tests of one name in a file.
  tests: {
    passing: { "passing.bats": file(["adds", 2], ["subtracts", 2]) },
    failing: { "failing.bats": file(["multiplies", 3], ["divides", 2]) },
    namesakes: { "first.bats": file(["adds", 3]), "second.bats": file(["adds", 2], ["subtracts", 2]) },
    broken: { "broken.bats": `load not_there\n${file(["adds", 2])}` },
    tearDown: { "teardown.bats": `teardown_file() {\n  false\n}\n\n${file(["adds", 2])}` },
  },
};
