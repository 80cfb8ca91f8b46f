#!/bin/bash
# The unit file, checked by systemd's own tools and then in a real systemd with the real program.
#
#   DUTYCLOCK_BINARY   the program to install; by default the release build
#   CONFIG_FOLDER      a directory with dutyclock.yaml; by default config/
#
# Tests/Support/systemd/stub.py as DUTYCLOCK_BINARY tests these tests.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.ci/lib.sh
. "$here/../../.ci/lib.sh"

binary=${DUTYCLOCK_BINARY:-$ROOT/.build/release/dutyclock}
config=${CONFIG_FOLDER:-$ROOT/config}
unit=$ROOT/systemd/dutyclock.service
EXPOSURE_LIMIT=2.0

[ -x "$binary" ] || die "no program at $binary; build it first"
[ -f "$config/dutyclock.yaml" ] || die "no dutyclock.yaml in $config"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# The daemon alone on its machine: the broker within itself, the store in its state directory, and messages to a
# program, because those of a console stand between the lines of the log.
stage_config() {
    local target=$stage/etc/dutyclock
    mkdir -p "$target"
    cp -r "$config/." "$target/"
    sed -i -E \
        -e 's|^( *bootstrap\.servers:).*|\1 embedded|' \
        -e 's|^( *createTopics:).*|\1 true|' \
        -e 's|(url: *)sqlite:[^ ,}]*|\1sqlite:///var/lib/dutyclock/dutyclock.db|' \
        -e 's|^( *format:).*|\1 json|' \
        -e 's|^( *console:).*type: console.*|\1 { type: command, run: [/usr/bin/true] }|' \
        "$target/dutyclock.yaml"
    chmod -R u=rwX,go=rX "$target"
}

# Shorter waits than in production, and a credential.
stage_unit() {
    local units=$stage/etc/systemd/system
    mkdir -p "$units/dutyclock.service.d"
    cat >"$units/dutyclock.service.d/test.conf" <<UNIT
[Service]
WatchdogSec=3
TimeoutStartSec=6
TimeoutAbortSec=2
RestartSec=100ms
LoadCredential=probe:/etc/dutyclock.credentials/probe
UNIT
    install -D -m 600 /dev/stdin "$stage/etc/dutyclock.credentials/probe" <<<"a secret"
}

# `systemd-analyze verify` returns 0 on unknown keys and only prints them.
verify_unit() {
    local copy=$stage/verify/dutyclock.service words
    mkdir -p "$stage/verify"
    sed -e "s|/usr/bin/dutyclock|$binary|" -e '/^Documentation=/d' "$unit" >"$copy"
    words=$(systemd-analyze verify --man=no "$copy" 2>&1) || die "systemd-analyze verify: $words"
    [ -z "$words" ] || die "systemd-analyze verify: $words"
    rm -r "$stage/verify"
    echo "ok - systemd: the unit is valid"
}

check_exposure() {
    local exposure
    exposure=$(systemd-analyze security --offline=true --no-pager "$unit" |
        sed -n 's/.*Overall exposure level[^:]*: \([0-9.]*\).*/\1/p')
    awk -v it="${exposure:-10}" -v limit="$EXPOSURE_LIMIT" 'BEGIN { exit !(it <= limit) }' ||
        die "exposure $exposure is above $EXPOSURE_LIMIT"
    echo "ok - systemd: exposure $exposure"
}

verify_unit
check_exposure
"$ROOT/.ci/install.sh" "$binary" /usr "$stage"
stage_config
stage_unit
install -D -m 755 "$here/checks.sh" "$stage/usr/local/lib/dutyclock/checks.sh"
"$ROOT/Tests/Support/systemd/boot.sh" "$stage" 180 /usr/local/lib/dutyclock/checks.sh
