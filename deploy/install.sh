#!/bin/sh
# Everything that serving needs, on a fresh Debian machine or in the image: packages (as root), environment, database.
# usage: deploy/install.sh
set -eu
cd "$(dirname "$0")/.."

packages="make python3-venv nginx libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static"
# shellcheck disable=SC2086 - a list of names
if ! dpkg -s $packages >/dev/null 2>&1; then
    [ "$(id -u)" -eq 0 ] || { echo "needed: $packages; install them as root, or run this as root" >&2; exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
make --no-print-directory .venv/requirements.txt
.venv/bin/python scripts/check.py clearview.db
.venv/bin/python scripts/export.py clearview.db exports
.venv/bin/python -m compileall -q plugins scripts deploy
