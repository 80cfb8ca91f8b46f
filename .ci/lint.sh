#!/bin/bash
# The form of Swift sources, shell scripts and Python helpers.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

failed=0
passed=0

count() {
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok - lint: $1"
    fi
}

swift_form() {
    local places=(Package.swift Sources Tests)
    [ -d Benchmarks ] && places+=(Benchmarks)
    swift format lint --strict --parallel --recursive "${places[@]}"
}

# groff says on standard error what it does not understand, and ends with 0 all the same.
manual_form() {
    local words
    words=$(groff -man -Tutf8 -ww -z docs/man/dutyclock.1 2>&1)
    [ -z "$words" ] || { echo "$words" && return 1; }
}

mapfile -t scripts < <(find .ci Tests Benchmarks -type f \( -name '*.sh' -o -path .ci/run \) 2>/dev/null)
mapfile -t helpers < <(find Tests Benchmarks config -type f -name '*.py' 2>/dev/null)

count "Swift sources" swift_form
if command -v groff >/dev/null; then count "manual page" manual_form; fi
for script in "${scripts[@]}"; do
    count "$script" bash -n "$script"
    # The checker is asked where it is installed; nothing here depends on it.
    if command -v shellcheck >/dev/null; then count "$script" shellcheck --external-sources --severity=warning "$script"; fi
done
for helper in "${helpers[@]}"; do
    count "$helper" python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$helper"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
