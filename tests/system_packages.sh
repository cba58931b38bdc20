#!/bin/sh
# Installs what some tests use and pip cannot bring: a browser, and a reader of QR codes.
# Where it cannot, it says so, and those tests are skipped with that reason.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v zbarimg >/dev/null 2>&1 || missing="$missing zbar-tools"
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "SKIPPED: no apt-get here to install$missing; the tests that use them are skipped"
    exit 0
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
echo "installing$missing"
log=$(mktemp)
# shellcheck disable=SC2086
if ! { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing fonts-noto-cjk; } >"$log" 2>&1; then
    tail -n 3 "$log"
    echo "SKIPPED: could not install$missing; the tests that use them are skipped"
fi
rm -f "$log"
