#!/bin/bash
# The program as a whole, against a real broker and a real receiver of web hooks.
#
#   run.sh               all tests, several at a time
#   run.sh ARGUMENT...   pytest with these arguments, such as `-k article22` or `test_crash.py`
#
#   DUTYCLOCK                 the program; by default the release build, else the debug build
#   KAFKA_BOOTSTRAP_SERVERS   a cluster to use instead of brokers of our own
#   CRASHES                   how often the crash test kills the program (50; 1000 with SOAK=1)
#   SEED                      its random seed
#   SOAK=1                    also what runs long
#   WORKERS                   how many tests run at a time beside the crash test (4)
#
# Configurations, databases and logs of the last run stay in .build/end-to-end.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.ci/lib.sh
. "$here/../../.ci/lib.sh"

if [ -z "${DUTYCLOCK:-}" ]; then
    for DUTYCLOCK in "$ROOT/.build/release/dutyclock" "$ROOT/.build/debug/dutyclock"; do
        if [ -x "$DUTYCLOCK" ]; then break; fi
    done
fi
[ -x "$DUTYCLOCK" ] || die "no program at $DUTYCLOCK; build it first"
[ -x "$VENV/bin/pytest" ] || die "no pytest in $VENV; run .ci/setup.sh test"
export DUTYCLOCK
export PYTHONDONTWRITEBYTECODE=1
output=$ROOT/.build/end-to-end

if [ $# -gt 0 ]; then
    mkdir -p "$output"
    cd "$here"
    exec "$VENV/bin/pytest" --basetemp="$output/single" "$@"
fi

# One long test, and those that disturb a broker, have a process of their own. The others mostly wait, so that
# several of them at a time hardly load two cores; each worker has its own broker and its own town.
waiting=(test_crash.py test_broker_faults.py)
workers=${WORKERS:-4}
rm -rf "$output"
mkdir -p "$output"
cd "$here"
ignored=("${waiting[@]/#/--ignore=}")

"$VENV/bin/pytest" --basetemp="$output/waiting" "${waiting[@]}" >"$output/waiting.log" 2>&1 &
other=$!
trap 'kill "$other" 2>/dev/null || true' EXIT
status=0
"$VENV/bin/pytest" --numprocesses="$workers" --dist=worksteal --basetemp="$output/others" "${ignored[@]}" 2>&1 | tee "$output/others.log" || status=1
wait "$other" || status=1
cat "$output/waiting.log"

# number WORD: its count over both summaries.
number() {
    local file line found sum=0
    for file in "$output"/*.log; do
        line=$(grep -E '[0-9]+ (passed|failed|error)' "$file" | tail -n 1 || true)
        found=$(sed -nE "s/(.*[^0-9])?([0-9]+) $1.*/\2/p" <<<"$line")
        sum=$((sum + ${found:-0}))
    done
    echo "$sum"
}
failed=$(($(number failed) + $(number error)))
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
echo "$(number passed) passed, $failed failed"
[ "$failed" -eq 0 ]
