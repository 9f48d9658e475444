#!/usr/bin/env bash
# Make .venv from the lock files, with nothing but Python 3.11 or newer on the machine.
#
#   tools/setup.sh runtime           what it takes to run Tera
#   tools/setup.sh dev               that, and what it takes to test it
#   tools/setup.sh packages NAME...  Debian packages, where we may install them; else say which are missing
#
# Everything Python is pinned by version and hash. `make` calls this; its stamps make a second call instant.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

install_packages() {
    may_install || stop "this machine lacks $*. Install with: apt-get install $*   and run the same command again."
    say "installing $* with apt-get"
    as_root apt-get update -qq || true # a stale list may still know the package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        stop "apt-get could not install $*. Its message is above."
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    stop "no Python 3.11 or newer found. Install one (Debian: apt-get install python3 python3-venv)," \
        "or name it: make setup PYTHON=/path/to/python3.11"
}

make_venv() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    local python
    python=$(find_python)
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then # Debian ships venv in a package of its own
        rm -rf .venv
        install_packages python3-venv
        "$python" -m venv .venv || stop "$python still makes no venv. If it is not the system's own Python," \
            "install the venv package made for it, or use another: make setup PYTHON=/usr/bin/python3"
    fi
    say "made .venv with $(.venv/bin/python --version)"
}

fill_venv() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock ||
        stop "could not fetch uv. Is the network there? Then run the same command again."
    # Compiled once here: where Python may write no bytecode, each start would compile all that it imports.
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --compile-bytecode --require-hashes "$@" ||
        stop "could not fetch the packages of $*. Is the network there? Then run the same command again."
    # uv carries its own build backend, so this needs no network.
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --offline -e .
}

set_up() {
    say "setting up .venv ($1); later runs skip this"
    make_venv
    if [ "$1" = dev ] || [ -e .venv/.dev ]; then # never take a developer's tools away
        fill_venv requirements.lock requirements-dev.lock
        touch .venv/.runtime .venv/.dev
    else
        fill_venv requirements.lock
        touch .venv/.runtime
    fi
}

case "${1:-}" in
    runtime | dev) set_up "$1" ;;
    packages) install_packages "${@:2}" ;;
    *) stop "usage: tools/setup.sh runtime | dev | packages NAME..." ;;
esac
