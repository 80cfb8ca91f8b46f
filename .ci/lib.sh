# shellcheck shell=bash
# Helpers shared by the build and test scripts. Source it; it runs nothing by itself.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=$ROOT/.cache
VENV=$CACHE/venv
CI_STARTED=${CI_STARTED:-$(date +%s)}
export ROOT CACHE VENV CI_STARTED

# One configuration for the program and its tests, so that neither is built twice. The Makefile has the same.
# shellcheck disable=SC2034
SWIFT_FLAGS=(--configuration release -Xswiftc -enable-testing)

# One progress line, with the time since the outermost script began.
say() {
    local elapsed=$(($(date +%s) - CI_STARTED))
    printf '[%3d:%02d] %s\n' $((elapsed / 60)) $((elapsed % 60)) "$*"
}

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Runs a command as root: directly, else through sudo, else says what is missing.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "root is needed for: $* (no sudo here)"
    fi
}

# True when the first dotted version is at least the second.
version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
