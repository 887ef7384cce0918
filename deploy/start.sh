#!/bin/sh
# What the image runs. PORT and URL say where readers find the site, TRUST the network of a proxy in front of it (one that
# sends X-Forwarded-For), DATA where releases, caches and logs are kept; further options go to serve_public.py.
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/python deploy/serve_public.py --fresh --listen "0.0.0.0:${PORT:-8080}" --folder "${DATA:-build/public}" \
    --url "${URL:-http://127.0.0.1:${PORT:-8080}}" ${TRUST:+--trust "$TRUST"} "$@"
