#!/usr/bin/env bash
# Changes one module a little, many times, and looks for changes that no unit test and no scenario notices.
#
#   tools/mutants/run.sh MODULE [SHARD]     for example: tools/mutants/run.sh verdict 0/4
#
# MODULE is a folder and file below src/ (metric, verdict, status, classify, evidence). A run ends after 90 minutes at the latest. It can be
# stopped and started again: mutants that a test has caught are not tried again. SHARD takes a part of the mutants. On two cores, a
# mutant takes about 20 seconds, and 90 minutes are enough for 250: run verdict (520) and metric (490) in shards 0/3, 1/3 and 2/3,
# and the others (status 190, classify 160, evidence 60) in one.
# Results are in target/mutants/MODULE. Survivors that are accepted stand in tools/mutants/accepted.txt with their reason.
set -euo pipefail
cd "$(dirname "$0")/../.."

module=${1:-}
shard=${2:-0/1}
if [[ ! -f src/$module.rs || ! $shard =~ ^[0-9]+/[0-9]+$ ]]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
if ! cargo mutants --version >/dev/null 2>&1; then
  printf 'cargo-mutants is missing. Install it: cargo install cargo-mutants --locked\n' >&2
  exit 1
fi

# The scenarios of statuses are for one module: they build a repository each.
tests=(--lib --test scenarios)
if [[ $module == status ]]; then
  tests+=(--test status --test status_laws)
fi

out=target/mutants/$module
mkdir -p "$out"
code=0
timeout --foreground 90m cargo mutants --package escape-gate --file "src/$module.rs" --file "src/$module/**/*.rs" \
  --exclude '**/tests.rs' --exclude '**/tests/**' --iterate --shard "$shard" --output "$out" --timeout 120 --no-shuffle \
  -- "${tests[@]}" || code=$?

missed=$out/mutants.out/missed.txt
if [[ ! -f $missed ]]; then
  printf 'cargo mutants ended with %s before it tried a mutant\n' "$code" >&2
  exit 1
fi
# A line of accepted.txt is a mutant without its line number, two blanks, and the reason.
left=$(sed -E 's/:[0-9]+:[0-9]+:/:/' "$missed" | while IFS= read -r mutant; do
  grep -qF -- "$mutant  " tools/mutants/accepted.txt || printf '%s\n' "$mutant"
done)
if [[ $code == 124 ]]; then
  printf 'stopped after 90 minutes: run the same command again to go on\n'
fi
if [[ -n $left ]]; then
  printf 'survivors that no test notices:\n%s\n' "$left"
  exit 1
fi
printf 'no survivor in %s, shard %s, as far as it was run\n' "$module" "$shard"
