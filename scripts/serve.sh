#!/bin/sh
# The one place that says how this site is served; further options are handed on to Datasette.
# CLEARVIEW_DB names another database file; its name is part of every URL, and stands in CLEARVIEW_METADATA.
# CLEARVIEW_EXPORTS names another folder of whole files; where it is empty, the page on downloads says so.
# CLEARVIEW_WITH names another program than `datasette serve` that takes its options (deploy/keeper.py).
# CLEARVIEW_METADATA names another file with the words of the site (scripts/site_metadata.py makes one).
set -eu
cd "$(dirname "$0")/.."
# Plugins import what only the site computes (service/) and rooms of the scripts.
export PYTHONPATH="$PWD:$PWD/scripts${PYTHONPATH:+:$PYTHONPATH}"
mkdir -p "${CLEARVIEW_EXPORTS:=exports}"
# One arena of memory for all threads: with one each, what big sorts leave behind adds up to twice as much.
export MALLOC_ARENA_MAX=1
# shellcheck disable=SC2086 - a program and its file
exec .venv/bin/${CLEARVIEW_WITH:-datasette serve} -i "${CLEARVIEW_DB:-clearview.db}" \
    -m "${CLEARVIEW_METADATA:-metadata.yml}" \
    --plugins-dir plugins \
    --template-dir templates \
    --static static:static \
    --static "exports:$CLEARVIEW_EXPORTS" \
    --setting suggest_facets off \
    --setting max_csv_mb 0 \
    "$@"
