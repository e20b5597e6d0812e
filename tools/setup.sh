#!/bin/sh
# Makes the virtual environment: a supported Python, the locked packages, then the project itself.
# Use: tools/setup.sh PYTHON. It prints to stderr only, because `make env` prints nothing but exports.
set -eu
exec >&2

python=${1:-python3}
cd "$(dirname "$0")/.."

supported() {
    case $1 in 3.11 | 3.12 | 3.13 | 3.14) return 0 ;; esac
    return 1
}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none
}

version=$(version_of "$python")
if ! supported "$version"; then
    [ "$version" = none ] && found="'$python' does not run here" || found="'$python' is Python $version"
    echo "$found; Python 3.11 to 3.14 is needed. Name one, for example: make setup PYTHON=python3.12"
    exit 1
fi

# An environment of another Python, or one whose Python is gone, is made anew.
if [ "$(version_of .venv/bin/python)" != "$version" ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "Making the virtual environment .venv with Python $version..."
    if ! "$python" -m venv --clear .venv; then
        echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python$version-venv"
        exit 1
    fi
fi

echo "Installing the locked packages (the first time half a minute or more)..."
# A slow network or machine takes minutes, in which pip prints nothing. In the background pip ignores Ctrl-C: the trap
# ends it.
pip() {
    .venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps "$@" &
    job=$!
    trap 'kill "$job" 2>/dev/null; exit 130' INT TERM
    seconds=0
    while kill -0 "$job" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        [ $((seconds % 20)) -ne 0 ] || echo "  still installing after $seconds s"
    done
    trap - INT TERM
    wait "$job"
}
if ! pip --require-hashes -r requirements/developer.txt || ! pip --no-build-isolation --editable .; then
    echo "The packages could not be installed; pip's reason is above. Is the network there? Then: make setup"
    exit 1
fi
