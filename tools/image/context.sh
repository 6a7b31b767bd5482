#!/usr/bin/env bash
# Makes the folder that the image is built from: the Dockerfile, the Linux programs by processor, and certificates.
#
#   tools/image/context.sh PROGRAM-X86-64 PROGRAM-ARM64 FOLDER [CERTIFICATES]
#
# CERTIFICATES is a bundle in PEM. By default it is that of this machine, which Debian's ca-certificates installs.
set -euo pipefail
if (($# < 3 || $# > 4)); then
  printf 'usage: tools/image/context.sh PROGRAM-X86-64 PROGRAM-ARM64 FOLDER [CERTIFICATES]\n' >&2
  exit 2
fi
folder=$3
certificates=${4:-/etc/ssl/certs/ca-certificates.crt}
grep -q 'BEGIN CERTIFICATE' "$certificates" || {
  printf '%s has no certificate. Run: apt-get install ca-certificates\n' "$certificates" >&2
  exit 1
}
mkdir -p "$folder/amd64" "$folder/arm64"
install -m 0755 "$1" "$folder/amd64/escape-gate"
install -m 0755 "$2" "$folder/arm64/escape-gate"
install -m 0644 "$certificates" "$folder/ca-certificates.crt"
install -m 0644 "${BASH_SOURCE[0]%/*}/Dockerfile" "$folder/Dockerfile"
