#!/bin/sh
# Prints the path of a CPython 3.10 that really runs; else says how to get one and exits 1.
# Uses shell built-ins only, so that its message also comes where nothing is installed and PATH is empty.

usable() {
    # A pyenv shim may be there and fail; Debian splits venv off. Only what can make an environment counts.
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 10) or sys.implementation.name != "cpython")' \
        >/dev/null 2>&1
}

offer() {
    if [ -n "$1" ] && usable "$1"; then
        printf '%s\n' "$1"
        exit 0
    fi
}

if [ -n "${SHOUDAI_PYTHON:-}" ]; then
    offer "$SHOUDAI_PYTHON"
    echo "python310_missing: SHOUDAI_PYTHON=$SHOUDAI_PYTHON is not a CPython 3.10 with venv and ensurepip." >&2
    exit 1
fi

offer "$(command -v python3.10 2>/dev/null)"

if command -v pyenv >/dev/null 2>&1; then
    offer "$(pyenv prefix 3.10 2>/dev/null)/bin/python"
fi

for candidate in "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/3.10.*/bin/python \
    "${HOME:-/nonexistent}"/.pyenv/versions/3.10.*/bin/python; do
    offer "$candidate"
done

if command -v uv >/dev/null 2>&1; then
    offer "$(uv python find 3.10 2>/dev/null)"
    echo "fetching CPython 3.10 with uv" >&2
    uv python install 3.10 >&2 && offer "$(uv python find 3.10 2>/dev/null)"
fi

cat_message() {
    while IFS= read -r line; do printf '%s\n' "$line"; done
}

cat_message >&2 <<'MESSAGE'
python310_missing: no working CPython 3.10 was found; Rasa needs exactly this version. Get it in one of these ways
and run the same command again:
  - pyenv:             pyenv install 3.10
  - uv:                uv python install 3.10
  - a container image: python:3.10 (run make inside it, with this folder mounted)
A Python in another place is named with SHOUDAI_PYTHON=/path/to/python3.10.
MESSAGE
exit 1
