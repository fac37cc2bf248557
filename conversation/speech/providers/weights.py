"""Opening model files: one place that turns every loader's own exception into an error that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conversation.speech.errors import Category, SpeechError

if TYPE_CHECKING:
    import onnxruntime


def require(engine: str, path: Path) -> Path:
    """Return ``path`` when it is a file that is not empty; otherwise raise ``SpeechError`` (MODEL) naming it."""
    if not path.is_file() or path.stat().st_size == 0:
        raise SpeechError(Category.MODEL, engine, f"{path} is missing or empty; run 'visavis models pull'")
    return path


@contextmanager
def loading(engine: str, path: Path) -> Iterator[None]:
    """Turn whatever a loader raises about ``path`` into ``SpeechError`` (MODEL) naming the file."""
    try:
        yield
    except SpeechError:
        raise
    except Exception as error:  # onnxruntime and tokenizers raise bare Exception subclasses of their own
        message = f"{path} cannot be read ({type(error).__name__}); run 'visavis models pull' to fetch it again"
        raise SpeechError(Category.MODEL, engine, message) from error


def open_onnx(engine: str, path: Path, *, model: bytes | None = None) -> onnxruntime.InferenceSession:
    """Load an ONNX model for use from a pool: one thread a call, because the pool is what runs in parallel.

    ``model`` is the serialized model when it is not what the file holds; ``path`` then only names it in errors.
    """
    import onnxruntime

    require(engine, path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Without these two, helper threads spin between calls and each session keeps its largest buffers for good.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    with loading(engine, path):
        return onnxruntime.InferenceSession(model or str(path), options, providers=["CPUExecutionProvider"])
