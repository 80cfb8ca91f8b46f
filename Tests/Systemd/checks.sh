#!/bin/bash
# Runs inside the booted system: what the unit promises, one check a line, and a count at the end.
set -uo pipefail

UNIT=dutyclock.service
passed=0
failed=0

check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok - systemd: $name"
    else
        failed=$((failed + 1))
        echo "not ok - systemd: $name"
    fi
}

property() { systemctl show --property="$1" --value "$UNIT"; }

is() { [ "$(property "$1")" = "$2" ] || { echo "  $1 is '$(property "$1")', not '$2'"; return 1; }; }

# Polls a condition for at most the seconds given.
within() {
    local ticks=$(($1 * 10))
    shift
    for ((; ticks > 0; ticks--)); do
        "$@" && return
        sleep 0.1
    done
    return 1
}

program_lines() { journalctl --quiet --unit="$UNIT" --output=cat _TRANSPORT=stdout; }

# A journal cursor, so that a check reads only what came after it.
mark() {
    journalctl --sync
    cursor=$(journalctl --quiet --lines=0 --show-cursor | sed -n 's/^-- cursor: //p')
}

since_mark() { journalctl --quiet --after-cursor="$cursor" --output=cat "$@"; }

# grep reads to the end: quiet, it would stop early and fail the pipe.
logged() { since_mark --unit="$UNIT" | grep --fixed-strings "$1" >/dev/null; }

# At its debug level systemd writes down each notification it receives.
notified() { since_mark _PID=1 | grep "notification message.*$1" >/dev/null; }

in_daemon() { nsenter --target "$pid" --mount --root -- "$@"; }

credential_is_readable() {
    local directory
    directory=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^CREDENTIALS_DIRECTORY=//p')
    [ "$(in_daemon cat "$directory/probe")" = "a secret" ]
}

user_is_made_up() {
    local uid
    uid=$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")
    [ "$uid" -ge 61184 ] && [ "$uid" -le 65519 ] && ! grep --quiet "^dutyclock:" /etc/passwd
}

state_directory_is_private() {
    [ -n "$(ls -A /var/lib/private/dutyclock)" ] &&
        [ "$(stat --format=%a /var/lib/private/dutyclock)" = 700 ]
}

root_is_read_only() {
    ! in_daemon touch /usr/probe 2>/dev/null && ! in_daemon touch /etc/probe 2>/dev/null &&
        [ "$(stat --format=%U:%a /etc/dutyclock/dutyclock.yaml)" = root:644 ]
}

lines_are_json() {
    local form='fromjson | has("@timestamp") and has("log.level") and has("message")'
    [ "$(program_lines | wc -l)" -ge 1 ] &&
        program_lines | jq --exit-status --raw-input --slurp "split(\"\\n\") | map(select(. != \"\") | $form) | all" >/dev/null
}

# A signal that comes before the daemon listens to it is lost.
reloaded_on_signal() {
    kill -HUP "$(property MainPID)"
    sleep 0.3
    logged '"service.reloaded"'
}

not_notified() { ! notified "$1"; }

replaced() { [ "$(property MainPID)" != "$1" ] && [ "$(property ActiveState)" = active ]; }

# The start goes on although so many seconds have passed since it began.
outlasts() {
    while [ $((SECONDS - began)) -lt "$1" ]; do sleep 0.2; done
    is ActiveState activating && is NRestarts 0
}

no_pings_lost() {
    sleep 8 # more than two watchdog periods of this test
    is NRestarts 0
}

show_journal() { journalctl --quiet --no-pager --unit="$UNIT" --priority=info | tail -n 40; }

give_up() {
    show_journal
    echo "$passed passed, $failed failed"
    exit 1
}

systemctl log-level debug
mark
check "start waits for READY" systemctl start "$UNIT"
[ "$failed" -eq 0 ] || give_up
pid=$(property MainPID)
check "active after start" is SubState running
check "READY came as a notification" notified READY=1
check "the log says service.ready" within 5 logged service.ready
check "the user is made up at start" user_is_made_up
check "the state directory holds the store, for the user alone" state_directory_is_private
check "system and configuration are not to be written by it" root_is_read_only
check "a credential reaches the daemon" credential_is_readable
check "every line in the journal is a JSON object" lines_are_json
check "the watchdog is kept quiet" no_pings_lost

mark
check "reload" systemctl reload "$UNIT"
check "the log says service.reloaded" within 10 logged '"service.reloaded"'
check "RELOADING came as a notification" within 5 notified RELOADING=1
check "READY followed it" within 5 notified READY=1
check "active after reload" within 5 is ActiveState active

cp /etc/dutyclock/dutyclock.yaml /tmp/good.yaml
echo 'noSuchKey: true' >>/etc/dutyclock/dutyclock.yaml
mark
systemctl reload "$UNIT" || true
check "a bad file is refused" within 10 logged service.reloadRejected
check "the service goes on after a bad file" within 5 is ActiveState active
check "as the same process" is MainPID "$pid"
cp /tmp/good.yaml /etc/dutyclock/dutyclock.yaml

kill -STOP "$pid"
check "a stopped process is replaced by the watchdog" within 30 replaced "$pid"
check "and counted as a restart" is NRestarts 1

mark
began=$SECONDS
check "stop" systemctl stop "$UNIT"
check "stopped within 10 s" test $((SECONDS - began)) -le 10
check "with the result success" is Result success
check "with exit status 0" is ExecMainStatus 0
check "STOPPING came as a notification" notified STOPPING=1
check "the state outlives the service" state_directory_is_private

# Kafka that never answers keeps the daemon in its start.
sed -i -E 's|^( *bootstrap\.servers:).*|\1 127.0.0.1:1|' /etc/dutyclock/dutyclock.yaml
mark
began=$SECONDS
systemctl start --no-block "$UNIT"
check "without Kafka it is not ready" within 10 logged "not ready yet"
check "it reloads all the same" within 10 reloaded_on_signal
check "which says nothing of READY" not_notified READY=1
check "and does not end the start" is ActiveState activating
check "more time came to be asked for" within 10 notified EXTEND_TIMEOUT_USEC
check "the start outlasts TimeoutStartSec" outlasts 9
systemctl stop "$UNIT"

[ "$failed" -eq 0 ] || show_journal
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
