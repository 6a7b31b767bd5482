const file = (head, ...tests) =>
  `#include <gtest/gtest.h>\n${head}${tests.map(([name, sum]) => `TEST(Sum, ${name}) { EXPECT_EQ(1 + 1, ${sum}); }\n`).join("")}`;
const build = 'for file in *.cpp; do g++ "$file" -o "${file%.cpp}" -lgtest -lgtest_main -pthread; done';
const run = (more) =>
  `${build}; for file in *.cpp; do "./\${file%.cpp}" --gtest_output=xml:reports/ ${more} || code=$?; done; exit \${code:-0}`;

export default {
  name: "googletest",
  debian: { "/usr/include/gtest/gtest.h": "libgtest-dev", "g++": "g++" },
  version: "dpkg-query --show libgtest-dev",
  // Each file is a program, as CTest runs them. One that cannot start is a program that aborts before its first test.
  command: run(""),
  // googletest refuses two tests of one name, but runs all of them twice: the test fails, then passes.
  commands: { "two of one name": run("--gtest_repeat=2") },
  tests: {
    passing: { "passing.cpp": file("", ["Adds", 2], ["Subtracts", 2]) },
    failing: { "failing.cpp": file("", ["Multiplies", 3], ["Divides", 2]) },
    namesakes: { "namesakes.cpp": file("static int runs = 0;\nTEST(Sum, Adds) { EXPECT_EQ(++runs, 2); }\n", ["Subtracts", 2]) },
    broken: { "broken.cpp": file("#include <cstdlib>\nstatic int nothing = (std::abort(), 0);\n", ["Adds", 2]) },
    tearDown: {
      "teardown.cpp":
        `${file("", ["Adds", 2])}class Removed : public testing::Environment {\n  void TearDown() override { FAIL(); }\n};\n` +
        "static auto* removed = testing::AddGlobalTestEnvironment(new Removed);\n",
    },
  },
  unreported: {
    "two of one name": "with `--gtest_repeat`, the report has only the last repetition.",
    "one file cannot start":
      "a program that aborts writes no report, and the glob matches those of the others: list every report in `tests.expect`.",
  },
};
