#!/bin/sh
# Runs the tests of the optional engines in a virtual environment of their own, because they bring PyTorch with them:
# openai-whisper, Coqui TTS, and a llama.cpp server. Safe to run again; needs about 4 GB of disk the first time.
set -eu

usage() {
    cat <<'TEXT'
Usage: scripts/test_extras.sh [PYTEST ARGUMENTS]

Environment:
  PYTHON               the Python to use (3.11, 3.12 or 3.13); default: .venv/bin/python, else python3
  EXTRAS_VENV          the virtual environment; default: var/venv-extras
  VISAVIS_MODELS_DIR   where the model weights are; default: visavis/models in your cache folder
TEXT
}
case "${1:-}" in -h | --help) usage; exit 0 ;; esac

cd "$(dirname "$0")/.."
VENV=${EXTRAS_VENV:-var/venv-extras}
PYTHON=${PYTHON:-$([ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)}
TESTS='tests/speech/test_openai_whisper.py tests/speech/test_ct2_checkpoint.py tests/speech/test_coqui.py
tests/evaluate/test_openai_llama.py'

[ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
"$VENV/bin/python" -m pip install --quiet --editable '.[test,whisper,coqui,llm-test]'
# coqui-tts imports torchaudio and asks for torchcodec, but declares neither. No torchaudio was released for this
# PyTorch, so its dependencies must not be resolved.
"$VENV/bin/python" -m pip install --quiet --no-deps torchaudio==2.11.0 torchcodec==0.17.0
# torchaudio's compiled part was built for another PyTorch. Without the file the package falls back to Python code.
if ! "$VENV/bin/python" -c 'import torchaudio' 2>/dev/null; then
    rm -f "$VENV"/lib/python*/site-packages/torchaudio/lib/_torchaudio*.so
    "$VENV/bin/python" -c 'import torchaudio'
fi
"$VENV/bin/python" -m rtc_server.weights pull
"$VENV/bin/python" -m rtc_server.weights pull smollm2-135m-instruct

# shellcheck disable=SC2086 # the list is meant to be split
exec "$VENV/bin/python" -m pytest $TESTS "$@"
