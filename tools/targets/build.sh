#!/usr/bin/env bash
# Builds the program for other targets, tries each of them, and prints its size.
#
#   tools/targets/build.sh [--out DIR] [--auditable] [TARGET ...]
#
# `--auditable` adds the list of crates to the program, for `cargo audit bin`. Without targets: both of Linux. One whose standard library cannot be added is reported as not built here. A target that is named
# has to be built. Linux is linked with zig, so that no C library of the machine gets into the program:
#   python3 -m pip install --require-hashes -r tools/targets/requirements.txt
# A Linux program for another processor runs under Debian's qemu-user-static. macOS and Windows are built on their own systems.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=target/programs
auditable=()
targets=()
while (($#)); do
  case $1 in
    --out)
      out=${2:?--out needs a folder}
      shift
      ;;
    --auditable)
      auditable=(auditable)
      type -P cargo-auditable >/dev/null || cargo install --locked cargo-auditable@0.7.7
      ;;
    -*)
      printf 'unknown option %s: use --out DIR, --auditable and names of targets\n' "$1" >&2
      exit 2
      ;;
    *) targets+=("$1") ;;
  esac
  shift
done
required=${#targets[@]}
if ((required == 0)); then
  targets=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl)
fi

fail() { # target, reason
  printf '%s: %s\n' "$1" "$2" >&2
  exit 1
}

# Succeeds if the standard library for a target is there or can be added.
add_standard_library() { # target as rustc names it
  [[ ! -d $(rustc --print sysroot)/lib/rustlib/$1/lib ]] || return 0
  type -P rustup >/dev/null && rustup target add "$1" >/dev/null 2>&1
}

# Prints the command that runs a program for a target here; nothing where it runs by itself.
emulator_of() { # target
  local processor=${1%%-*}
  [[ $processor != "$(uname -m)" && $1 == *-linux-* ]] || return 0
  type -P "qemu-$processor-static" ||
    fail "$1" "the program cannot be tried on $(uname -m). Run: apt-get install qemu-user-static"
}

# Runs the program: its version, a verdict of each kind, and a policy that it refuses.
try_program() { # target, program
  local target=$1 program=$2 emulator code
  emulator=$(emulator_of "$target")
  run() {
    if [[ -n $emulator ]]; then "$emulator" "$program" "$@"; else "$program" "$@"; fi
  }
  [[ $(run --version) == "escape-gate $version" ]] || fail "$target" "'--version' prints '$(run --version)', not 'escape-gate $version'"
  for expected in 0:hotfix-passes 10:critical-escape-fails 3:unread-issues-are-unknown; do
    code=0
    run check --policy "fixtures/${expected#*:}/policy.yml" --snapshot "fixtures/${expected#*:}/snapshot.json" >/dev/null 2>&1 || code=$?
    [[ $code == "${expected%%:*}" ]] || fail "$target" "the fixture ${expected#*:} ends with exit code $code, not ${expected%%:*}"
  done
  code=0
  run demo >/dev/null 2>&1 || code=$?
  [[ $code == 10 ]] || fail "$target" "'demo' ends with exit code $code, not 10"
  if [[ $target == *-linux-musl ]] && LC_ALL=C grep -q 'ld-musl\|ld-linux' "$program"; then
    fail "$target" "the program asks for a dynamic linker, so it is not static"
  fi
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
mkdir -p "$out"
built=0
for target in "${targets[@]}"; do
  # zig takes the version of the C library as a suffix: x86_64-unknown-linux-gnu.2.17
  plain=${target%%.*}
  if ! add_standard_library "$plain"; then
    printf '%-28s not built here: its standard library cannot be added. The release workflow builds it.\n' "$target"
    ((required == 0)) || fail "$target" "not built. Run: rustup target add $plain"
    continue
  fi
  build=(build)
  if [[ $target == *-linux-* ]]; then
    type -P cargo-zigbuild >/dev/null ||
      fail "$target" "cargo-zigbuild is missing. Run: python3 -m pip install --require-hashes -r tools/targets/requirements.txt"
    build=(zigbuild)
  fi
  started=$SECONDS
  cargo ${auditable[@]+"${auditable[@]}"} "${build[@]}" --release --locked --bin escape-gate --target "$target"
  suffix=''
  [[ $target != *-windows-* ]] || suffix=.exe
  program=$out/escape-gate-v$version-$target$suffix
  cp "${CARGO_TARGET_DIR:-target}/$plain/release/escape-gate$suffix" "$program"
  tried='and tried'
  if [[ $target == aarch64-*-windows-* && $(uname -m) == x86_64 ]]; then
    tried='but not tried on this processor'
  else
    try_program "$target" "$program"
  fi
  printf '%-28s built in %s s %s: %s bytes, %s compressed\n' "$target" "$((SECONDS - started))" "$tried" \
    "$(wc -c <"$program" | tr -d ' ')" "$(gzip -9 <"$program" | wc -c | tr -d ' ')"
  built=$((built + 1))
done
if ((built == 0)); then
  printf 'No target was built. x86_64-unknown-linux-gnu.2.17 needs no added standard library.\n' >&2
  exit 1
fi
