const test = (name, body) => `#[test]\nfn ${name}() {\n    ${body}\n}\n`;
const right = "assert_eq!(1 + 1, 2);";
const wrong = "assert_eq!(1 + 1, 3);";

/** The tests of a crate. Two tests of one name are in two binaries, since one binary cannot have both. */
export const cargoTests = {
  setup: {
    "Cargo.toml": '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n\n[workspace]\n',
    "src/lib.rs": "//! Nothing but tests.\n",
    ".config/nextest.toml": '[profile.default.junit]\npath = "junit.xml"\n',
  },
  tests: {
    passing: { "tests/passing.rs": test("adds", right) },
    failing: { "tests/failing.rs": test("multiplies", wrong) },
    namesakes: { "tests/first.rs": test("adds", wrong), "tests/second.rs": test("adds", right) + test("subtracts", right) },
    broken: { "tests/broken.rs": `use sum::not_there;\n\n${test("adds", right)}` },
  },
};
