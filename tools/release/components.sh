#!/usr/bin/env bash
# Writes the list of components (SBOM) of the program in CycloneDX: every crate that is compiled into it, on any platform.
#
#   tools/release/components.sh FILE.cdx.json
set -euo pipefail
file=$(cd "$(dirname "${1:?names the file to write}")" && pwd)/${1##*/}
cd "${BASH_SOURCE[0]%/*}/../.."
type -P cargo-cyclonedx >/dev/null || cargo install --locked cargo-cyclonedx@0.5.9
# Each crate of the workspace gets a file beside its manifest. That of the program has all of them.
cargo cyclonedx --format json --target all --spec-version 1.5 --override-filename escape-gate-components
mv escape-gate-components.json "$file"
rm -f crates/*/escape-gate-components.json
