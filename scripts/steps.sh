# Sourced by the scripts beside it: where the project is, what a step looks like, how to install.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Tools that the scripts installed come first, then rustup's, which a bare shell may not have on its PATH.
export PATH="$root/.tools/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# step HEADING COMMAND...: the heading, the command's own output, the time taken. A failure ends the script.
step() {
    local heading=$1 began=$SECONDS status=0
    shift
    say "$heading"
    "$@" || status=$?
    if [ "$status" -ne 0 ]; then
        fail "== $heading: failed after $((SECONDS - began)) s (exit code $status)"
    fi
    printf '== %s: %s s\n' "$heading" "$((SECONDS - began))"
}

# counted NAME COMMAND...: for long parallel builds, whose lines would mix: shows only a count, and the
# end of the output where it fails.
counted() {
    local name=$1 log status=0
    shift
    log=$(mktemp)
    "$@" 2>&1 </dev/null | tee "$log" |
        awk -v name="$name" '/^ *Compiling / && ++crates % 50 == 0 { print "   " name ": " crates " crates compiled"; fflush() }' ||
        status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
    fi
    rm -f "$log"
    return "$status"
}

# The names of all crates in our locks that come from a registry, sorted.
crates_we_know() {
    awk -F '"' '/^name = / { name = $2 } /^source = / { print name }' Cargo.lock bench/Cargo.lock fuzz/Cargo.lock |
        LC_ALL=C sort -u
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# debian_packages PACKAGE...: installs them when root on Debian, else says what to type.
debian_packages() {
    [ "$#" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
        fail "Missing on this machine: $*
Install it and run this again. On Debian or Ubuntu:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    say "Installing Debian packages: $*"
    # The lists may be old or absent; only a failure makes it worth the time to fetch them.
    debian_install "$@" || { apt-get update -qq </dev/null && debian_install "$@"; } ||
        fail "apt-get could not install: $*"
}

debian_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}
