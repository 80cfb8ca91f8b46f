#!/bin/bash
# What is shown elsewhere: log lines, dashboards, reports and rules, against a running daemon and the real tools.
#
#   run.sh [ARGUMENT...]   pytest with these arguments
#
#   DUTYCLOCK   the program; by default the release build
#   LINES       how many lines the search for personal data reads (60000)
#
# What the last run wrote stays in .build/dashboards.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.ci/lib.sh
. "$here/../../.ci/lib.sh"

export DUTYCLOCK=${DUTYCLOCK:-$ROOT/.build/release/dutyclock}
[ -x "$DUTYCLOCK" ] || die "no program at $DUTYCLOCK; build it first"
[ -x "$VENV/bin/python" ] || die "no Python in $VENV; run .ci/setup.sh test"
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$ROOT/.build"
cd "$here"
exec "$VENV/bin/python" -m pytest --basetemp="$ROOT/.build/dashboards" "$@"
