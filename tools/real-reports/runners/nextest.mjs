import { cargoTests } from "../cargo-tests.mjs";

const failsOnce = `#[test]
fn adds() {
    let mark = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ran-once");
    assert!(mark.exists() || std::fs::write(mark, "").is_err());
}

#[test]
fn subtracts() {}
`;
const all = "cargo nextest run --offline --no-fail-fast";
const copy = "cp target/nextest/default/junit.xml reports/ || true; exit ${code:-0}";

export default {
  name: "cargo nextest",
  others: { "cargo-nextest": "cargo install cargo-nextest" },
  version: "cargo nextest --version",
  command: `${all} || code=$?; ${copy}`,
  commands: { "rerun passes": `${all} --retries 1 || code=$?; ${copy}` },
  setup: cargoTests.setup,
  tests: { ...cargoTests.tests, rerun: { "tests/rerun.rs": failsOnce } },
};
