#!/usr/bin/env bash
# Installs a program as the action does, from a server on this machine, and lets it evaluate a fixture: once cold and once from the cache.
#
#   tools/release/try-install.sh PROGRAM
#
# Prints both times. Asked are at most 2 s and 50 ms.
set -euo pipefail
program=$(cd "$(dirname "${1:?names the program to install}")" && pwd)/${1##*/}
cd "${BASH_SOURCE[0]%/*}/../.."

folder=$(mktemp -d)
node tools/release/serve.mjs "$program" >"$folder/address" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
until [[ -s $folder/address ]]; do
  kill -0 "$server"
  sleep 0.1
done

# Nothing of the job that this runs in: no summary, no outputs, no event.
for name in "${!GITHUB_@}" "${!ESCAPE_GATE_@}"; do
  unset "$name"
done
if type -P sha256sum >/dev/null; then
  ESCAPE_GATE_CHECKSUM=$(sha256sum <"$program")
else
  ESCAPE_GATE_CHECKSUM=$(shasum -a 256 <"$program")
fi
export ESCAPE_GATE_CHECKSUM=${ESCAPE_GATE_CHECKSUM%% *}
ESCAPE_GATE_VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
ESCAPE_GATE_DOWNLOAD_BASE_URL=$(head -n 1 "$folder/address")
export ESCAPE_GATE_VERSION ESCAPE_GATE_DOWNLOAD_BASE_URL
export ESCAPE_GATE_POLICY=fixtures/hotfix-passes/policy.yml ESCAPE_GATE_SNAPSHOT=fixtures/hotfix-passes/snapshot.json
export RUNNER_TOOL_CACHE=$folder/cache RUNNER_TEMP=$folder
for start in cold warm; do
  TIMEFORMAT="$start: %R s"
  time bash action/run.sh >"$folder/$start.txt" || {
    cat "$folder/$start.txt"
    exit 1
  }
  # From now on only the cache can answer.
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
done
