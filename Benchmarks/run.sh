#!/bin/bash
# Measures the event path against a real broker on loopback. Figures from one run belong together.
#
#   run.sh            every phase
#   run.sh PHASE...   only these: store kafka latency lateness dispatch derive replay million pages
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../.ci/lib.sh"
cd "$ROOT"
# The latency is that of the program itself, which is started beside.
for product in dutyclock bench; do swift build "${SWIFT_FLAGS[@]}" --product "$product"; done
work=$(mktemp -d)
trap 'Tests/Support/broker/broker.sh stop "$work/broker" || true; rm -rf "$work"' EXIT
Tests/Support/broker/broker.sh start "$work/broker" 0
.build/release/bench "${KAFKA_BOOTSTRAP_SERVERS:-$(cat "$work/broker/bootstrap")}" "$@"
