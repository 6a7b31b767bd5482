const file = (...tests) =>
  `use Test::More tests => ${tests.length};\n${tests.map(([name, sum]) => `is(1 + 1, ${sum}, "${name}");\n`).join("")}`;

export default {
  name: "prove, TAP::Formatter::JUnit",
  debian: { prove: "perl", "/usr/share/doc/libtap-formatter-junit-perl": "libtap-formatter-junit-perl" },
  version: "prove --version",
  command: "prove --formatter TAP::Formatter::JUnit t > reports/junit.xml",
  tests: {
    passing: { "t/passing.t": file(["adds", 2], ["subtracts", 2]) },
    failing: { "t/failing.t": file(["multiplies", 3], ["divides", 2]) },
    namesakes: { "t/namesakes.t": file(["adds", 3], ["adds", 2], ["subtracts", 2]) },
    broken: { "t/broken.t": `use NotThere;\n${file(["adds", 2])}` },
    tearDown: { "t/teardown.t": `${file(["adds", 2])}END { $? = 1 }\n` },
  },
};
