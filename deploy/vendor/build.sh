#!/bin/sh
# Fetches the packages pinned in package.json and copies what the pages use into telaio/telaio/web/static/vendor.
# The copies are committed, so installing a service needs no Node. No lock file: it would name download addresses;
# MANIFEST.json holds the hashes instead, and --check compares a fresh build with the committed one.
set -eu
cd "$(dirname "$0")"
npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent >&2
exec node copy.mjs "$@"
