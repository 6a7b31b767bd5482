const file = (...tests) =>
  `import test from "ava";\n${tests.map(([name, sum]) => `test("${name}", (t) => t.is(1 + 1, ${sum}));\n`).join("")}`;

export default {
  name: "AVA, TAP",
  npm: ["ava"],
  version: "ava --version",
  setup: { "package.json": '{ "type": "module" }\n' },
  command: "ava --tap '*.test.js' > reports/test.tap",
  // AVA refuses two tests of one title in a file. In two files their names begin with the file's.
  tests: {
    passing: { "passing.test.js": file(["adds", 2], ["subtracts", 2]) },
    failing: { "failing.test.js": file(["multiplies", 3], ["divides", 2]) },
    namesakes: { "first.test.js": file(["adds", 3]), "second.test.js": file(["adds", 2], ["subtracts", 2]) },
    broken: { "broken.test.js": `import "./not-there.js";\n${file(["adds", 2])}` },
    tearDown: {
      "teardown.test.js": `${file(["adds", 2])}test.after(() => { throw new Error("not removed"); });\n`,
    },
  },
};
