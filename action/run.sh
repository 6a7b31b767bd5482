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

# The way out of every failure below.
how_to_build="Build it in an earlier step with 'cargo build --release' and pass 'binary: target/release/escape-gate', or put it on PATH with 'cargo install'."

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
elif [[ -n ${ESCAPE_GATE_VERSION-}${ESCAPE_GATE_DOWNLOAD_BASE_URL-} ]]; then
  # A program that happens to be on PATH may be another version than the one asked for, so it is not taken here.
  die "Escape Gate download not available" "The inputs 'version' and 'download-base-url' ask for a download, which is not part of this version of the action yet. Remove them. $how_to_build"
elif ! program=$(type -P escape-gate); then
  die "Escape Gate program not found" "There is no 'escape-gate' on PATH, and downloading it is not part of this version of the action yet. $how_to_build"
fi

exec "$program" check
