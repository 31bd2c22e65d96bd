#!/bin/sh
# Makes .venv from a lock file: environment.sh [requirements.lock | requirements-test.lock]
# Idempotent and quick when nothing changed; what an interrupted run left half-made is made anew. Speaks on stderr.
set -eu

cd "$(dirname "$0")/.."
lock=${1:-requirements.lock}
stamp=.venv/.installed-from-$lock
installing=.venv/.installing
var=${SHOUDAI_VAR_DIR:-var}
wanted=$(cksum <"$lock")

is_done() {
    [ -f "$stamp" ] && [ ! -e "$installing" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null
}

if is_done; then exit 0; fi

# One set-up at a time: the second waits here and then finds everything done.
mkdir -p "$var/downloads"
exec 9>"$var/.environment.lock"
if command -v flock >/dev/null 2>&1; then flock 9; fi
if is_done; then exit 0; fi

if [ -d .venv ] && { [ -e "$installing" ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    echo "an earlier set-up was interrupted: making .venv anew (what was downloaded is kept by pip)" >&2
    rm -rf .venv
fi
if [ ! -d .venv ]; then
    python=$(sh install/python310.sh)
    echo "making .venv with $python" >&2
    "$python" -m venv .venv >&2
fi

install_locked() {
    # The lock is a complete closure, so nothing is resolved; and it names no index: pip's own settings decide.
    .venv/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes --no-build-isolation \
        --find-links "$var/downloads" --requirement "$1" >&2
}

echo "installing the packages of $lock (some minutes the first time)" >&2
# Sdists are built with the locked setuptools and wheel, not with whatever is newest today.
build_lock=.venv/.build.lock
awk '/^[^ #]/ {keep = /^(setuptools|wheel)==/} keep' "$lock" >"$build_lock"
: >"$installing"
if ! install_locked "$build_lock" || ! install_locked "$lock"; then
    rm -f "$installing"
    echo "packages_unavailable: the packages of $lock could not be installed; pip says above which. Without a network," >&2
    echo "run 'pip download --no-deps --require-hashes -r $lock -d $var/downloads' on another machine" >&2
    echo "of the same kind (CPython 3.10), copy that folder here and run the same command again." >&2
    exit 1
fi
printf '%s\n' "$wanted" >"$stamp"
rm -f "$installing"
