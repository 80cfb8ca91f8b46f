#!/bin/bash
# Boots a real systemd over a throw-away copy of this machine's root, and runs one program in it.
#
#   boot.sh STAGE SECONDS PROGRAM
#
# STAGE is a tree of files laid over the root before the boot; PROGRAM is a path in the booted system.
# Its output comes out here as it is written, its exit status becomes this script's. After SECONDS the
# system is switched off and the script fails. Nothing is written to the machine itself.
#
# Needs root, mount namespaces and systemd-nspawn; without them it fails and says so.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../.ci/lib.sh"

[ $# -eq 3 ] || die "usage: boot.sh STAGE SECONDS PROGRAM"
stage=$(realpath "$1")
patience=$2
program=$3
[ "$(id -u)" -eq 0 ] || exec sudo --non-interactive "$0" "$@"
command -v systemd-nspawn >/dev/null || die "systemd-nspawn is missing; run .ci/setup.sh test"

work=$(mktemp -d)
results=$work/results
mkdir "$results" "$work/layer"
# Two at once would share one control group.
exec 9>"${TMPDIR:-/tmp}/systemd-test.lock"
flock 9

container=
# Without --register the container gets its control groups in ours; they stay behind, empty.
remove_control_groups() {
    local mount group
    for mount in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
        for group in "$mount/payload" "$mount/supervisor"; do
            if [ -d "$group" ]; then find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; fi
        done
    done
}

# Ends the container's first process, and with it all others; its manager alone would leave them.
switch_off() {
    local first
    for first in $(pgrep --parent "$container"); do kill -KILL "$first" 2>/dev/null || true; done
    for _ in $(seq 50); do
        kill -0 "$container" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$container" 2>/dev/null || true
    wait "$container" 2>/dev/null || true
}

cleanup() {
    if [ -n "$container" ] && kill -0 "$container" 2>/dev/null; then switch_off; fi
    remove_control_groups
    rm -rf "$work"
}
trap cleanup EXIT

# The program runs as a service of a small target of its own, so nothing else of the machine starts.
write_units() {
    local units=$1/etc/systemd/system
    mkdir -p "$units"
    cat >"$units/under-test.target" <<UNIT
[Unit]
Requires=basic.target under-test.service
After=basic.target
UNIT
    cat >"$units/under-test.service" <<UNIT
[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/bash -c '"$program" >/results/output 2>&1; echo \$\$? >/results/status'
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
}
mkdir "$work/units"
write_units "$work/units"
touch "$results/output"

export stage work results
# shellcheck disable=SC2016
setsid unshare --mount --propagation private bash -euc '
    mount -t tmpfs -o size=2g tmpfs "$work/layer"
    mkdir "$work/layer/upper" "$work/layer/work" "$work/layer/root"
    mount -t overlay overlay "$work/layer/root" \
        -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work"
    cp -r --preserve=mode "$work/units/." "$stage/." "$work/layer/root/"
    chmod 755 "$work/layer/root"
    # What the container manager notes down stays out of the machine.
    mkdir -p /run/systemd
    mount -t tmpfs tmpfs /run/systemd
    exec systemd-nspawn --quiet --directory "$work/layer/root" --machine "under-test-$$" \
        --register=no --keep-unit --private-network --bind="$results:/results" \
        --console=pipe --kill-signal=SIGRTMIN+3 --boot systemd.unit=under-test.target
' >"$work/console" 2>&1 </dev/null 9>&- &
container=$!

tail --pid="$container" --follow --lines=+1 --sleep-interval=0.2 "$results/output" 2>/dev/null &
reader=$!
for ((tick = 0; tick < patience * 5; tick++)); do
    kill -0 "$container" 2>/dev/null || break
    sleep 0.2
done
if kill -0 "$container" 2>/dev/null; then
    tail -n 40 "$work/console" >&2
    kill "$reader" 2>/dev/null || true
    die "the booted system did not finish within $patience s"
fi
wait "$reader" 2>/dev/null || true
if [ ! -f "$results/status" ]; then
    cat "$work/console" >&2
    die "systemd could not be booted here (its console is above)"
fi
exit "$(cat "$results/status")"
