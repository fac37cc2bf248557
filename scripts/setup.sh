#!/bin/sh
# Brings a checkout to the point where Visavis runs. Safe to run again: what is done already is skipped.
set -eu

usage() {
    cat <<'TEXT'
Usage: scripts/setup.sh [runtime|test] [--check]

  runtime   (default) make .venv, install Visavis and its locked dependencies, fetch and verify the model weights;
            as root also the libraries that MediaPipe loads (libegl1, libgles2), when they are missing
  test      the same, plus the tools of the test suite; as root also Chromium, Firefox ESR and coturn, when they
            are missing
  --check   change nothing; say what is there, what is missing and what to type; exit code 1 if set-up would stop

Environment:
  PYTHON               the Python to use (3.11, 3.12 or 3.13); default: the first suitable one on the path
  VISAVIS_MODELS_DIR   where the model weights go; default: visavis/models in your cache folder
  PIP_*                pip's own settings, such as PIP_INDEX_URL for a mirror, or PIP_NO_INDEX and PIP_FIND_LINKS
                       for a folder of wheels without a network
TEXT
}

VENV=.venv
SUITABLE='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

say() { printf '%s\n' "$*"; }
fail() {
    printf '\nSet-up stopped. %s\n' "$*" >&2
    exit 1
}
is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# Chromium has several names; the first one that is there.
find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if has "$name"; then
            command -v "$name"
            return
        fi
    done
}

# Debian's packages, for root only. Succeeds when all of them were installed.
apt_install() {
    is_root && has apt-get || return 1
    say "Installing with apt-get: $*"
    mkdir -p var
    if apt_get update >var/apt.log 2>&1 && apt_get install -y --no-install-recommends "$@" >>var/apt.log 2>&1; then
        return 0
    fi
    say "apt-get could not install $*; the last lines of var/apt.log:"
    tail -n 3 var/apt.log
    return 1
}
apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" </dev/null
}

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && has "$candidate" && "$candidate" -c "$SUITABLE" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}

can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
can_make_venv_with_pip() { "$1" -c 'import pip, venv' >/dev/null 2>&1; }
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }
venv_works() { [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c "import pip; $SUITABLE" >/dev/null 2>&1; }

choose_python() {
    python=$(find_python)
    if [ -z "$python" ] && apt_install python3 python3-venv; then
        python=$(find_python)
    fi
    [ -n "$python" ] || fail "Python 3.11, 3.12 or 3.13 is needed and none was found. Type:
    sudo apt-get install python3 python3-venv
or name one: PYTHON=/path/to/python3.12 make demo"
}

# Debian packs the part of Python that makes environments apart, so there are three ways, best first.
make_venv() {
    say "Making $VENV with $python ($(version_of "$python"))"
    rm -rf "$VENV"
    if ! can_make_venv "$python"; then
        apt_install "python$(version_of "$python")-venv" || apt_install python3-venv || true
    fi
    if can_make_venv "$python"; then
        "$python" -m venv "$VENV"
    elif can_make_venv_with_pip "$python"; then
        "$python" -m venv --without-pip "$VENV"
        "$python" -m pip --python "$VENV/bin/python" install -q --disable-pip-version-check pip
    else
        fail "$python cannot make a virtual environment: it lacks venv and pip. Type:
    sudo apt-get install python$(version_of "$python")-venv"
    fi
    venv_works || fail "$VENV was made but its Python does not run. Remove $VENV and try again."
}

# What was installed: changes with the project, the lock, the extra and the Python.
install_key() { { echo "$1" && cat pyproject.toml requirements.lock && "$VENV/bin/python" -VV; } | sha256sum; }

install_project() {
    stamp="$VENV/.installed-$1"
    if [ "$(cat "$stamp" 2>/dev/null)" = "$(install_key "$1")" ]; then
        say "Visavis and its dependencies are installed ($VENV)"
        return
    fi
    case $1 in runtime) target=. ;; *) target=".[$1]" ;; esac
    say "Installing Visavis and its locked dependencies (about a minute)"
    rm -f "$stamp"
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check -c requirements.lock -e "$target" ||
        fail "pip could not install the dependencies: its own message stands above. Check the connection and the proxy,
or point pip at a mirror with PIP_INDEX_URL, and run the same command again: what was fetched is kept."
    install_key "$1" >"$stamp"
}

# MediaPipe asks for an OpenCV that needs a display's libraries and overwrites ours without a word, so it comes without
# its dependencies: what it really needs is among our own. It is not indispensable.
install_mediapipe() {
    locked=$(grep '^mediapipe==' requirements.lock) || return 0
    if [ "$locked" != "mediapipe==$(mediapipe_version)" ]; then
        say "Installing MediaPipe"
        "$VENV/bin/python" -m pip install -q --disable-pip-version-check --no-deps "$locked" || {
            say "=== MediaPipe could not be installed. Faces are followed with LiteRT instead. ==="
            return
        }
    fi
    missing=$(missing_graphics)
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086  # two packages are two words
        apt_install $missing || true
        missing=$(missing_graphics)
    fi
    if [ -n "$missing" ]; then
        say "Faces are followed with LiteRT. To have MediaPipe do it: sudo apt-get install ${missing% }"
    fi
}
mediapipe_version() {
    "$VENV/bin/python" -c 'from importlib.metadata import version; print(version("mediapipe"))' 2>/dev/null || true
}
# Debian's packages with the libraries that MediaPipe loads.
missing_graphics() {
    has_library libEGL.so.1 || printf 'libegl1 '
    has_library libGLESv2.so.2 || printf 'libgles2 '
}
has_library() { "$VENV/bin/python" -c "import ctypes; ctypes.CDLL('$1')" >/dev/null 2>&1; }

fetch_weights() {
    "$VENV/bin/python" -m rtc_server.weights pull ||
        fail "The model weights are not complete: the message above says why. Run the same command again to go on."
}

# The type in which specimens of documents are drawn; the product does not use it.
fetch_test_font() {
    "$VENV/bin/python" -m rtc_server.weights pull ocr-b-font ||
        say "=== WILL BE SKIPPED: the tests that draw documents. The message above says why. ==="
}

# Tools that only the test suite needs. Without them its tests are skipped, which must not go unnoticed.
missing_test_tools() {
    [ -n "$(find_browser)" ] || printf 'chromium '
    has firefox-esr || has firefox || printf 'firefox-esr '
    has turnserver || printf 'coturn '
}

install_test_tools() {
    missing=$(missing_test_tools)
    # One by one, so that one that a distribution lacks does not take the other with it.
    for tool in $missing; do
        if apt_install "$tool" && [ "$tool" = coturn ] && has systemctl; then
            # The tests start one of their own; a relay that is open to the network is not what was asked for.
            systemctl disable --now coturn >/dev/null 2>&1 || true
        fi
    done
    missing=$(missing_test_tools)
    if [ -n "$missing" ]; then
        say "=== WILL BE SKIPPED: the tests that need ${missing% }. To run them: sudo apt-get install ${missing% } ==="
    fi
}

check() {
    python=$(find_python)
    [ -n "$python" ] || fail "No Python 3.11, 3.12 or 3.13. Type: sudo apt-get install python3 python3-venv"
    say "Python:   $python ($(version_of "$python"))"
    if venv_works; then
        say "$VENV:    there, and works"
    elif can_make_venv "$python" || can_make_venv_with_pip "$python"; then
        say "$VENV:    will be made"
    elif is_root && has apt-get; then
        say "$VENV:    will be made, after apt-get install python$(version_of "$python")-venv"
    else
        fail "$python lacks venv and pip. Type: sudo apt-get install python$(version_of "$python")-venv"
    fi
    missing=$(missing_test_tools)
    if [ -n "$missing" ]; then
        say "Tests:    those that need ${missing% } are skipped without it; as root 'make test' installs it"
    else
        say "Tests:    Chromium, Firefox and coturn are there"
    fi
}

kind=runtime
action=install
for argument in "$@"; do
    case $argument in
        runtime | test) kind=$argument ;;
        --check) action=check ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done

cd "$(dirname "$0")/.."
[ -w . ] || fail "The folder $PWD cannot be written. Copy the project to a folder of your own."
if [ "$action" = check ]; then
    check
    exit 0
fi
if ! venv_works; then
    choose_python
    make_venv
fi
install_project "$kind"
install_mediapipe
fetch_weights
if [ "$kind" = test ]; then
    fetch_test_font
    install_test_tools
fi
