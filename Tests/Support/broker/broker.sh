#!/bin/bash
# A Kafka broker for tests, in processes of its own on the loopback interface.
#
#   broker.sh start DIR [PORT|0] [durable]   start it; 0, the default, takes free ports
#   broker.sh stop DIR                       end it
#   broker.sh control DIR WORD...            disturb its network: down up drop stall resume "latency MS" state
#   broker.sh crash DIR                      kill the broker's process without warning
#   broker.sh revive DIR                     start it again on the same ports
#
# `start` prints the address and leaves it in DIR/bootstrap, the proxy's control port in DIR/control.
# KAFKA_PROXY_TLS=FOLDER in its environment meets clients with TLS (cert.pem and key.pem in the folder),
# KAFKA_PROXY_PASSWORD=TEXT with a login by SASL PLAIN.
# What is written is kept in memory; with `durable` it is kept by an object store of its own and
# outlives the broker's process, at a lower rate.
#
# With KAFKA_BOOTSTRAP_SERVERS set, `start` only prints that and `stop` does nothing: tests then run
# against a cluster that somebody else looks after, and cannot disturb it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.ci/lib.sh
. "$here/../../../.ci/lib.sh"

# Ports that are free now, one a line: the kernel picks them.
free_ports() {
    "$VENV/bin/python" - "$1" <<'PYTHON'
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in held), sep="\n")
PYTHON
}

listening() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# launch DIR NAME PORT COMMAND...: runs it in the background until PORT is open.
launch() {
    local dir=$1 name=$2 port=$3 pid
    shift 3
    setsid "$@" >>"$dir/$name.log" 2>&1 </dev/null &
    pid=$!
    echo "$pid" >"$dir/$name.pid"
    for _ in $(seq 200); do
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        if listening "$port"; then return; fi
        sleep 0.05
    done
    tail -n 20 "$dir/$name.log" >&2
    stop "$dir"
    die "$name did not open port $port"
}

start_object_store() {
    local dir=$1 port=$2
    launch "$dir" store "$port" "$VENV/bin/moto_server" -H 127.0.0.1 -p "$port"
    curl --silent --show-error --fail --output /dev/null --request PUT "http://127.0.0.1:$port/tansu" \
        --header 'Authorization: AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/s3/aws4_request'
}

# Starts the broker's own process as DIR/settings says.
start_broker() {
    local port inner store storage=memory://tansu/
    read -r port inner store <"$1/settings"
    if [ "$store" -ne 0 ]; then
        export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
        export AWS_ENDPOINT=http://127.0.0.1:$store AWS_ALLOW_HTTP=true
        storage=s3://tansu/
    fi
    RUST_LOG=warn launch "$1" broker "$inner" "$VENV/bin/tansu" broker \
        --listener-url "tcp://127.0.0.1:$inner" \
        --advertised-listener-url "tcp://127.0.0.1:$port" --storage-engine "$storage"
}

start() {
    local dir=$1 port=${2:-0} mode=${3:-memory} store=0 ports
    if [ -n "${KAFKA_BOOTSTRAP_SERVERS:-}" ]; then
        echo "$KAFKA_BOOTSTRAP_SERVERS"
        return
    fi
    [ -x "$VENV/bin/tansu" ] || die "no test broker in $VENV; run .ci/setup.sh test"
    mkdir -p "$dir"
    if compgen -G "$dir/*.pid" >/dev/null; then die "a broker was started in $dir before; stop it first"; fi
    mapfile -t ports < <(free_ports 4)
    if [ "$port" -eq 0 ]; then port=${ports[0]}; fi
    if [ "$mode" = durable ]; then
        store=${ports[3]}
        start_object_store "$dir" "$store"
    fi
    echo "$port ${ports[1]} $store" >"$dir/settings"
    start_broker "$dir"
    local secure=()
    if [ -n "${KAFKA_PROXY_TLS:-}" ]; then secure+=(--tls "$KAFKA_PROXY_TLS"); fi
    if [ -n "${KAFKA_PROXY_PASSWORD:-}" ]; then secure+=(--password "$KAFKA_PROXY_PASSWORD"); fi
    launch "$dir" proxy "$port" "$VENV/bin/python" "$here/kafka_proxy.py" \
        --listen "$port" --broker "${ports[1]}" --control "${ports[2]}" "${secure[@]}"
    echo "${ports[2]}" >"$dir/control"
    echo "127.0.0.1:$port" | tee "$dir/bootstrap"
}

crash() {
    [ -f "$1/broker.pid" ] || die "no broker of ours runs in $1"
    kill -KILL "$(cat "$1/broker.pid")"
    rm "$1/broker.pid"
}

revive() {
    [ -f "$1/settings" ] || die "no broker of ours in $1"
    start_broker "$1"
}

# Ends only what `start` recorded, and waits until it is gone.
stop() {
    local file pid
    for file in "$1"/proxy.pid "$1"/broker.pid "$1"/store.pid; do
        [ -f "$file" ] || continue
        pid=$(cat "$file")
        kill "$pid" 2>/dev/null || true
        for _ in $(seq 50); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
        kill -KILL "$pid" 2>/dev/null || true
        rm -f "$file"
    done
    rm -f "$1/bootstrap" "$1/control" "$1/settings"
}

control() {
    local dir=$1 answer
    shift
    [ -f "$dir/control" ] || die "no broker of ours in $dir"
    exec 3<>"/dev/tcp/127.0.0.1/$(cat "$dir/control")"
    echo "$*" >&3
    IFS= read -r answer <&3
    echo "$answer"
}

case ${1:-} in
start | stop | control | crash | revive)
    [ $# -ge 2 ] || die "usage: broker.sh $1 DIR ..."
    "$@"
    ;;
*)
    die "usage: broker.sh start DIR [PORT|0] [durable] | stop DIR | control DIR WORD... | crash DIR | revive DIR"
    ;;
esac
