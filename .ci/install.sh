#!/bin/bash
# Installs a built program with its configuration, unit and manual page; `make install` calls it.
#
#   install.sh PROGRAM PREFIX [DESTDIR]
#
# A file of /etc/dutyclock that is there already stays as it is; PREFIX/share/dutyclock has all as shipped.
set -euo pipefail
# shellcheck source=.ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# -ge 2 ] || die "usage: install.sh PROGRAM PREFIX [DESTDIR]"
program=$1
prefix=${2%/}
destination=${3:-}
case $prefix in
/*) ;;
*) die "PREFIX is '$prefix'; it must be an absolute path" ;;
esac
[ -x "$program" ] || die "no program at $program; run make release first"
root=$destination$prefix
settings=$destination/etc/dutyclock

put() { install -D -m "$1" "$2" "$3"; }

install_configuration() {
    local file
    while IFS= read -r file; do
        put 644 "$ROOT/config/$file" "$root/share/dutyclock/$file"
        case $file in examples/* | prometheus/* | dashboards/* | lnav/* | journald/* | shipping/*) continue ;; esac
        if [ ! -e "$settings/$file" ]; then
            put 644 "$ROOT/config/$file" "$settings/$file"
        elif ! cmp --quiet "$ROOT/config/$file" "$settings/$file"; then
            echo "kept $settings/$file; as shipped it is $root/share/dutyclock/$file"
        fi
    done < <(cd "$ROOT/config" && find . -type f ! -name '*.py' ! -path '*/__pycache__/*' -printf '%P\n' | sort)
}

put 755 "$program" "$root/bin/dutyclock"
install_configuration
put 644 "$ROOT/docs/man/dutyclock.1" "$root/share/man/man1/dutyclock.1"
sed "s|/usr/bin/dutyclock|$prefix/bin/dutyclock|" "$ROOT/systemd/dutyclock.service" |
    put 644 /dev/stdin "$root/lib/systemd/system/dutyclock.service"
echo "installed $root/bin/dutyclock"
