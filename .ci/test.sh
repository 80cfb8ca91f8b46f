#!/bin/bash
# Builds once, then runs the suites side by side. Each writes a log of its own below .build/test-logs;
# the log of one that fails is shown. The last line counts tests over all suites.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

BEAT=15 # seconds between signs of life
logs=$ROOT/.build/test-logs
declare -A running=()
passed=0
failed=0

finish() {
    local pid
    for pid in "${running[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
}
trap finish EXIT

# start NAME COMMAND...: in a process group of its own, so that all of it can be ended.
start() {
    local name=$1
    shift
    setsid "$@" >"$logs/$name.log" 2>&1 </dev/null &
    running[$name]=$!
    say "$name: started"
}

last_line() { tail -c 400 "$1" | tr '\r' '\n' | grep -a -v '^ *$' | tail -n 1 | cut -c 1-100; }

# wait_for NAME...: until all have ended; the first failure is remembered, the others still run.
wait_for() {
    local name beat=$SECONDS left=("$@") still
    while [ ${#left[@]} -gt 0 ]; do
        sleep 0.5
        still=()
        for name in "${left[@]}"; do
            if kill -0 "${running[$name]}" 2>/dev/null; then still+=("$name"); else conclude "$name"; fi
        done
        left=("${still[@]}")
        if [ ${#left[@]} -gt 0 ] && [ $((SECONDS - beat)) -ge $BEAT ]; then
            beat=$SECONDS
            for name in "${left[@]}"; do say "$name: $(last_line "$logs/$name.log" || true)"; done
        fi
    done
}

conclude() {
    local name=$1 status=0 good bad
    wait "${running[$name]}" || status=$?
    unset "running[$name]"
    read -r good bad < <(count "$logs/$name.log")
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$status" -eq 0 ] && [ "$bad" -eq 0 ]; then
        say "$name: passed ($good)"
        return
    fi
    say "$name: FAILED with status $status"
    grep -E '^not ok|✘|error:|FAILED' "$logs/$name.log" | tail -n 60 || true
    echo "--- the end of ${logs#"$ROOT/"}/$name.log"
    tail -n 40 "$logs/$name.log"
    echo "---"
}

# Passed and failed tests, from the summary that a suite's tool prints last.
count() {
    local line total bad
    if line=$(grep -E 'Test run with [0-9]+ tests?' "$1" | tail -n 1) && [ -n "$line" ]; then
        total=$(sed -E 's/.*with ([0-9]+) tests?.*/\1/' <<<"$line")
        bad=$(grep -E '^✘ Test .* failed after' "$1" | grep -cvE 'Test run with' || true)
        echo "$((total - bad)) $bad"
        return
    fi
    line=$(grep -E '[0-9]+ (passed|failed)' "$1" | tail -n 1 || true)
    total=$(sed -nE 's/(.*[^0-9])?([0-9]+) passed.*/\2/p' <<<"$line")
    bad=$(sed -nE 's/(.*[^0-9])?([0-9]+) failed.*/\2/p' <<<"$line")
    echo "${total:-0} ${bad:-0}"
}

summary() {
    say "done"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

say "setting up"
.ci/setup.sh test
mkdir -p "$logs"

start build swift build "${SWIFT_FLAGS[@]}" --build-tests
wait_for build
# Without a build there is nothing to test.
if [ "$failed" -ne 0 ]; then
    summary
    exit 1
fi

# Unit tests measure and time out on their own; the suites that start whole systems would disturb them.
start lint .ci/lint.sh
start unit env SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test "${SWIFT_FLAGS[@]}" --skip-build
start calendar "$VENV/bin/pytest" -p no:cacheprovider Tests/Calendar
start schemas "$VENV/bin/pytest" -p no:cacheprovider Tests/Schemas
start prometheus "$VENV/bin/pytest" -p no:cacheprovider Tests/Prometheus
wait_for lint unit calendar schemas prometheus

suites=(systemd dashboards)
start systemd Tests/Systemd/test.sh
start dashboards Tests/Dashboards/run.sh
if [ -x Tests/EndToEnd/run.sh ]; then
    suites+=(end-to-end)
    start end-to-end Tests/EndToEnd/run.sh
else
    say "end-to-end: not there (Tests/EndToEnd/run.sh)"
fi
wait_for "${suites[@]}"
summary
