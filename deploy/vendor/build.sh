#!/bin/sh
# Fetches the packages pinned in package.json; copies and bundles what the pages use into telaio/telaio/web/static/vendor.
# The result is committed, so installing a service needs no Node. No lock file: it would name download addresses;
# MANIFEST.json holds the hashes instead. `deploy/vendor/build.sh --check` writes nothing, and fails where a fresh build
# would differ from what is committed; without Node, tests/architecture/test_vendor.py compares files and manifest.
set -eu
cd "$(dirname "$0")"
npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent >&2
exec node copy.mjs "$@"
