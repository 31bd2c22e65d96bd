#!/bin/sh
# Renews requirements.lock and requirements-test.lock from pyproject.toml with uv, which gets an environment of its own.
set -eu

cd "$(dirname "$0")/.."
tool=${SHOUDAI_VAR_DIR:-var}/uv
if command -v uv >/dev/null 2>&1; then
    uv=$(command -v uv)
else
    [ -x "$tool/bin/uv" ] || { "$(sh install/python310.sh)" -m venv "$tool" && "$tool/bin/python" -m pip install --quiet uv >&2; }
    uv=$tool/bin/uv
fi

compile() {
    # No index address in the file: each machine's own pip settings say where packages come from; hashes say which.
    "$uv" pip compile pyproject.toml --python-version 3.10 --override requirements/overrides.txt --upgrade \
        --no-emit-index-url --no-emit-find-links --generate-hashes --no-header --quiet "$@"
}

compile --output-file requirements.lock
# The test environment is the running one plus tools: the same versions of everything they share.
compile --extra test --constraint requirements.lock --no-annotate --output-file requirements-test.lock
