#!/bin/bash
# Kills the daemon 1,000 times under load, then compares what it knows and what was told with what was sent.
#
#   run.sh
#
#   CRASHES   how often it is killed (1000)
#   and those of Tests/EndToEnd/run.sh: DUTYCLOCK, KAFKA_BOOTSTRAP_SERVERS, SEED
#
# Shows a line for every few crashes, and ends with status 0 only if nothing was lost or told twice.
# What was shown stays in .build/soak.log; configuration, database and logs in .build/end-to-end/single.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../.ci/lib.sh"
cd "$ROOT"
crashes=${CRASHES:-1000}
log=$ROOT/.build/soak.log
mkdir -p "${log%/*}"

say "soak: $crashes crashes under load"
status=0
SOAK=1 CRASHES=$crashes PYTHONUNBUFFERED=1 \
    Tests/EndToEnd/run.sh test_crash.py -k for_a_long_time --capture=no 2>&1 | tee "$log" || status=$?

# A test that was skipped has shown nothing.
if [ "$status" -eq 0 ] && grep -q '^1 passed' "$log"; then
    say "soak: passed, $crashes crashes, nothing lost, nothing told twice"
    exit 0
fi
say "soak: FAILED; the same again: $(grep -m 1 -o 'SEED=[0-9]*' "$log" || true) CRASHES=$crashes make soak"
if [ "$status" -eq 0 ]; then status=1; fi
exit "$status"
