import { cargoTests } from "../cargo-tests.mjs";

export default {
  name: "cargo test, --format json",
  others: { cargo: "https://rustup.rs" },
  version: "cargo --version",
  // The format is not stable: a toolchain that is not nightly has to be told to allow it.
  command:
    "RUSTC_BOOTSTRAP=1 cargo test --offline --no-fail-fast --tests -- -Z unstable-options --format json > reports/test.json",
  ...cargoTests,
};
