#!/bin/sh
# Everything that serving needs, on a fresh Debian machine or in the image: packages (as root), environment, database.
# usage: deploy/install.sh
set -eu
cd "$(dirname "$0")/.."

packages="make python3-venv nginx libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static"
missing=""
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing:$missing; install them as root, or run this as root" >&2
        exit 1
    fi
    apt-get update -qq
    # shellcheck disable=SC2086 - a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

make --no-print-directory .venv/requirements.txt
.venv/bin/python scripts/check.py clearview.db
.venv/bin/python scripts/export.py clearview.db exports
.venv/bin/python -m compileall -q plugins scripts deploy
