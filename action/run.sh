#!/usr/bin/env bash
# Finds the program and hands over to it. What the inputs mean is the program's business.
set -euo pipefail

# Shows an error as an annotation and in the job summary, and ends the step.
#   $1  title: what went wrong, without colon or comma
#   $2  message: where, and what to do about it; may hold text from an input
die() {
  if [[ -n ${GITHUB_STEP_SUMMARY-} ]]; then
    # As an indented block nothing in the message is Markdown.
    printf '## ❓ Escape gate: could not evaluate\n\n%s\n\n    %s\n' "$1" "${2//[$'\r\n']/ }" >>"$GITHUB_STEP_SUMMARY" || true
  fi
  local message=${2//'%'/'%25'}
  message=${message//$'\r'/'%0D'}
  message=${message//$'\n'/'%0A'}
  printf '::error title=%s::%s\n' "$1" "$message"
  exit 1
}

# The way out where there is no program to download.
how_to_build="Build it in an earlier step with 'cargo build --release' and pass 'binary: target/release/escape-gate'."

# Succeeds if this commit of the action is that of a release, or if that cannot be read: install.sh then says so.
names_release() {
  local line sums=${BASH_SOURCE[0]%/*}/checksums.txt
  [[ -r $sums ]] || return 0
  while IFS= read -r line; do
    [[ $line != 'version '* ]] || return 0
  done <"$sums"
  return 1
}

# An input that was left out arrives as an empty variable. The program knows only set and unset.
for name in "${!ESCAPE_GATE_@}"; do
  if [[ -z ${!name} ]]; then
    unset "$name"
  fi
done

if [[ -n ${ESCAPE_GATE_BINARY-} ]]; then
  program=$ESCAPE_GATE_BINARY
  case $program in
    /* | [A-Za-z]:[/\\]*) ;;
    *) program=${GITHUB_WORKSPACE:-$PWD}/$program ;;
  esac
  if [[ ! -e $program ]]; then
    die "Escape Gate program not found" "The input 'binary' names '$ESCAPE_GATE_BINARY', but there is no file '$program'. $how_to_build"
  elif [[ ! -f $program ]]; then
    die "Escape Gate program is not a file" "The input 'binary' names '$ESCAPE_GATE_BINARY', but '$program' is not a file. Name the program itself, not its folder."
  elif [[ ! -x $program ]]; then
    die "Escape Gate program not executable" "The input 'binary' names '$ESCAPE_GATE_BINARY', but '$program' is not executable. Artifacts lose that permission: run 'chmod +x' on it in an earlier step."
  fi
elif [[ -z ${ESCAPE_GATE_VERSION-}${ESCAPE_GATE_CHECKSUM-}${ESCAPE_GATE_DOWNLOAD_BASE_URL-} ]] && ! names_release && program=$(type -P escape-gate); then
  # A program on PATH is taken only while there is no release: it may be of another version than this action.
  :
else
  # shellcheck source=action/install.sh
  source "${BASH_SOURCE[0]%/*}/install.sh"
  install_program
fi

exec "$program" check
