#!/bin/sh
# The one place that says how this site is served; further options are handed on to Datasette.
# CLEARVIEW_DB names another database file (it must be called clearview.db: its name is part of every URL).
set -eu
cd "$(dirname "$0")/.."
if [ -f metadata.yml ]; then set -- -m metadata.yml "$@"; fi
if [ -d plugins ]; then set -- --plugins-dir plugins "$@"; fi
if [ -d templates ]; then set -- --template-dir templates "$@"; fi
if [ -d static ]; then set -- --static static:static "$@"; fi
exec .venv/bin/datasette serve -i "${CLEARVIEW_DB:-clearview.db}" \
    --setting suggest_facets off \
    "$@"
