#!/bin/sh
# Installs what some tests use and pip cannot bring: two browsers, a reader of QR codes, ntfy, false clocks, PostgreSQL, a pooler.
# Where it cannot, it says so, and those tests are skipped with that reason.
# Debian has chromium without its windows as well, which opens pages in a third of the time; not every system does.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v firefox-esr >/dev/null 2>&1 || missing="$missing firefox-esr"
command -v zbarimg >/dev/null 2>&1 || missing="$missing zbar-tools"
command -v ntfy >/dev/null 2>&1 || missing="$missing ntfy"
command -v faketime >/dev/null 2>&1 || missing="$missing faketime"
# Debian has the pooler and the server's programs outside of the PATH.
command -v pgbouncer >/dev/null 2>&1 || [ -x /usr/sbin/pgbouncer ] || missing="$missing pgbouncer"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
if ! command -v chromium-headless-shell >/dev/null 2>&1; then
    case "$missing" in *chromium*) is_known=yes ;; *) is_known=$(apt-cache show chromium-headless-shell 2>/dev/null) ;; esac
    [ -n "$is_known" ] && missing="$missing chromium-headless-shell"
fi
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "SKIPPED: no apt-get here to install$missing; the tests that use them are skipped"
    exit 0
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
log=$(mktemp)
$as_root apt-get update -q >"$log" 2>&1
# One by one: a system that has no package of one name may have the others.
for package in $missing fonts-noto-cjk; do
    echo "installing $package"
    if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" >>"$log" 2>&1; then
        tail -n 3 "$log"
        echo "SKIPPED: could not install $package; the tests that need it are skipped"
    fi
done
rm -f "$log"
