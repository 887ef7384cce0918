#!/bin/sh
# The one place that says how this site is served; further options are handed on to Datasette.
# CLEARVIEW_DB names another database file (it must be called clearview.db: its name is part of every URL).
set -eu
cd "$(dirname "$0")/.."
# Plugins import what scripts share (matching.py, search_entries.py).
export PYTHONPATH="$PWD/scripts${PYTHONPATH:+:$PYTHONPATH}"
exec .venv/bin/datasette serve -i "${CLEARVIEW_DB:-clearview.db}" \
    -m metadata.yml \
    --plugins-dir plugins \
    --template-dir templates \
    --static static:static \
    --setting suggest_facets off \
    "$@"
