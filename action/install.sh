# shellcheck shell=bash disable=SC2154
# Downloads the program once, checks it, keeps it in the runner's tool cache. Sourced by run.sh, which has `die`.
#
# Version, address and checksums stand in checksums.txt, which is a part of this commit of the action: who pins the action by its
# commit pins the program as well. Nothing is asked of an API, no token is sent, and nothing that fails a check is run.

# Sets `program`. Names `how_to_build` where there is nothing to download.
#   ESCAPE_GATE_VERSION            another version than that of checksums.txt; needs ESCAPE_GATE_CHECKSUM
#   ESCAPE_GATE_CHECKSUM           SHA-256 of the file for this platform
#   ESCAPE_GATE_DOWNLOAD_BASE_URL  a mirror: the folder above the versions
install_program() {
  local sums=${BASH_SOURCE[0]%/*}/checksums.txt
  local known_version='' base='' listed='' line
  [[ -f $sums && -r $sums ]] ||
    die "Escape Gate checksums not found" "The action has no file '$sums'. Use the whole action at the commit of a release."
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    case $line in
      '' | '#'*) ;;
      'version '*) known_version=${line#version } ;;
      'from '*) base=${line#from } ;;
      *)
        [[ $line =~ ^([0-9a-f]{64})\ \ ([A-Za-z0-9._-]+)$ ]] ||
          die "Escape Gate checksums not understood" "The file '$sums' has the line '$line', which is no checksum and name. Use the action at the commit of a release."
        listed+=$line$'\n'
        ;;
    esac
  done <"$sums"

  local version=${ESCAPE_GATE_VERSION:-$known_version}
  [[ -n $version ]] ||
    die "Escape Gate has no release yet" "This commit of the action names no release to download: use 'binary:'. $how_to_build If there is a release, you can use the action at its commit instead."
  version=v${version#v}
  [[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
    die "Escape Gate version not understood" "The input 'version' is '$version'. Write it as 'v0.1.0'."

  local target name wanted
  target=$(platform_target)
  [[ -n $target ]] ||
    die "Escape Gate not built for this platform" "The runner is ${RUNNER_OS:-$(uname -s)} on ${RUNNER_ARCH:-$(uname -m)}. There are programs for Linux, macOS and Windows on x86-64 and arm64. $how_to_build"
  name=escape-gate-$version-$target
  # macOS has bash 3.2, which has no associative arrays.
  wanted=''
  if [[ $'\n'$listed =~ $'\n'([0-9a-f]{64})"  $name"$'\n' ]]; then
    wanted=${BASH_REMATCH[1]}
  fi
  if [[ -n ${ESCAPE_GATE_CHECKSUM-} ]]; then
    local given
    given=$(printf '%s' "$ESCAPE_GATE_CHECKSUM" | tr '[:upper:]' '[:lower:]')
    [[ $given =~ ^[0-9a-f]{64}$ ]] ||
      die "Escape Gate checksum not understood" "The input 'checksum' is '$ESCAPE_GATE_CHECKSUM'. Write the 64 hexadecimal digits of the SHA-256 of '$name'."
    [[ -z $wanted || $wanted == "$given" ]] ||
      die "Escape Gate checksums differ" "The input 'checksum' is not the SHA-256 that this action knows for '$name'. Remove the input, or name the other version that it belongs to."
    wanted=$given
  fi
  [[ -n $wanted ]] ||
    die "Escape Gate version not known" "This commit of the action knows ${known_version:-no version}, not the file '$name'. Pass its SHA-256 as the input 'checksum', or use the action at the commit of that release."

  base=${ESCAPE_GATE_DOWNLOAD_BASE_URL:-$base}
  base=${base%/}
  case $base in
    https://?*) ;;
    http://127.0.0.1:* | http://localhost:* | 'http://[::1]:'*) ;;
    '') die "Escape Gate address not known" "The action does not say where its releases are. Pass the input 'download-base-url', such as 'https://github.com/OWNER/escape-gate/releases/download'." ;;
    *) die "Escape Gate address refused" "The address '$base' is no 'https://' address. Pass one as the input 'download-base-url'." ;;
  esac
  case $base in
    *[[:space:]]* | *'?'* | *'#'* | *'@'*)
      die "Escape Gate address refused" "The address '$base' has a blank, a user name, a query or a fragment. Pass the folder above the versions as the input 'download-base-url'."
      ;;
  esac

  local cache=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-${TMPDIR:-/tmp}}}/escape-gate/$version/$wanted
  # Another job of this machine may have written to the tool cache: what it holds is checked as a download is.
  program=$cache/$name
  if [[ -f $program && ! -L $program && -x $program ]] && has_checksum "$program" "$wanted"; then
    return
  fi
  local folder
  folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/escape-gate.XXXXXX") ||
    die "Escape Gate has no temporary folder" "No folder could be made in '${RUNNER_TEMP:-${TMPDIR:-/tmp}}'. Free some space or set RUNNER_TEMP."
  program=$folder/$name
  download "$base/$version/$name" "$program"
  has_checksum "$program" "$wanted" || refuse_content "$base/$version/$name" "$program" "$wanted"
  chmod +x "$program"
  keep "$program" "$cache/$name"
}

# Prints the target of this runner; nothing if there is no program for it.
platform_target() {
  local system=${RUNNER_OS:-$(uname -s)} machine=${RUNNER_ARCH:-$(uname -m)}
  case $machine in
    X64 | x86_64 | amd64) machine=x86_64 ;;
    ARM64 | aarch64 | arm64) machine=aarch64 ;;
    *) return 0 ;;
  esac
  case $system in
    Linux) printf '%s' "$machine-unknown-linux-musl" ;;
    macOS | Darwin) printf '%s' "$machine-apple-darwin" ;;
    Windows | MINGW* | MSYS*) printf '%s' "$machine-pc-windows-msvc.exe" ;;
  esac
}

# Succeeds if a file has this SHA-256. Without a program that computes it, nothing is run.
has_checksum() {
  local found=''
  # OpenSSL first: it uses the processor's SHA instructions, which makes this three times as fast as most builds of sha256sum.
  if type -P openssl >/dev/null && found=$(openssl dgst -sha256 -r <"$1" 2>/dev/null) && [[ $found =~ ^[0-9a-f]{64}\  ]]; then
    :
  elif type -P sha256sum >/dev/null; then
    found=$(sha256sum <"$1")
  elif type -P shasum >/dev/null; then
    found=$(shasum -a 256 <"$1")
  else
    die "Escape Gate download not checked" "None of 'openssl', 'sha256sum' and 'shasum' is on PATH. Install one of them. $how_to_build"
  fi
  [[ ${found%% *} == "$2" ]]
}

# The largest file that is read: several times the size of a program.
readonly MOST_BYTES=52428800

#   $1  address
#   $2  file to write
download() {
  type -P curl >/dev/null ||
    die "Escape Gate not downloaded" "'curl' is not on PATH. Install it. $how_to_build"
  local first='=https' problem='' code=0
  [[ $1 == https://* ]] || first='=http,https'
  # -q: no .curlrc of this machine. A redirect never leads to plain http. No header with a token is sent.
  problem=$(curl -q --proto "$first" --proto-redir '=https' --location --max-redirs 5 --fail --silent --show-error \
    --connect-timeout 10 --max-time 120 --retry 2 --retry-delay 1 --max-filesize "$MOST_BYTES" \
    --output "$2" "$1" 2>&1) || code=$?
  [[ $code -ne 0 ]] || return 0
  local why="curl ended with $code: $problem" way="Run the job again, or pass a mirror as the input 'download-base-url'."
  case $code in
    1) why='it leads to plain http, which is not followed' way="Pass an https address as the input 'download-base-url'." ;;
    6 | 7) why="the server was not reached ($problem)" ;;
    18) why='the file was cut short' ;;
    22)
      why="the server answered with an error ($problem)"
      [[ $problem != *' 404'* ]] || why='there is no such file' way="Check 'version' and 'download-base-url'."
      ;;
    28) why='it took longer than two minutes' ;;
    35 | 51 | 60) why="the server's certificate was refused ($problem)" way='Check the proxy and the certificates of this runner.' ;;
    47) why='it was redirected more than 5 times' ;;
    63) why='the file is larger than 50 MiB, which no program is' way="Check 'download-base-url'." ;;
    23) why="it could not be written to '${2%/*}'" way='Free some space on the runner.' ;;
  esac
  die "Escape Gate not downloaded" "$1: $why. $way"
}

# Says why a download is not what was expected.
refuse_content() { # address, file, wanted checksum
  local start
  start=$(LC_ALL=C head -c 512 "$2" | LC_ALL=C tr -d '\0' | LC_ALL=C tr '[:upper:]' '[:lower:]')
  if [[ ! -s $2 ]]; then
    die "Escape Gate download refused" "$1 is an empty file. Run the job again, or pass a mirror as the input 'download-base-url'."
  elif [[ $start == *'<html'* || $start == *'<!doctype'* ]]; then
    die "Escape Gate download refused" "$1 is a web page and no program: a proxy or a login page may answer in place of the server. Check 'download-base-url' and the proxy."
  fi
  die "Escape Gate download refused" "$1 does not have the SHA-256 $3 that this action knows. Do not run it: the file was changed, or 'version', 'checksum' and 'download-base-url' do not belong together."
}

# Keeps a program for the next job. Without a cache that can be written, the next job downloads it again.
keep() { # program, place
  local folder=${2%/*}
  # A rename in one folder is all or nothing, also when two jobs do it at once.
  if ! { mkdir -p "$folder" && cp "$1" "$2.$$" && mv -f "$2.$$" "$2"; } 2>/dev/null; then
    rm -f "$2.$$" 2>/dev/null || true
  fi
}
