"""Fixtures for everyone: the model cache, the shared test data, the browser; what is missing skips with a reason."""

from pathlib import Path

import pytest

from rtc_server.weights.cache import locate_default

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of model weights, as ``visavis models pull`` leaves it."""
    folder = locate_default().folder
    if not (folder / "silero-vad" / "silero_vad.onnx").exists():
        pytest.skip(f"no model weights in {folder}: run 'visavis models pull'")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Third-party test data that stands beside the checkout and is never committed."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared test data at {folder}")
    return folder
