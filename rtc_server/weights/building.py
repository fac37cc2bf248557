"""Making the files of the catalogue that are built here out of fetched ones."""

import contextlib
import hashlib
import os
from pathlib import Path

from rtc_server.weights.artefacts import Artefact, BuiltFile
from rtc_server.weights.cache import file_path
from rtc_server.weights.errors import BuildFailed, FolderNotWritable
from vision.models.importers.errors import ImportFailed


def build_file(folder: Path, artefact: Artefact, file: BuiltFile) -> None:
    """Build one file in the cache folder; it is put in place only when its SHA-256 is right.

    Raises:
        BuildFailed: the package ``onnx`` is not installed, the importer refused the source, or the result has other
            bytes than the catalogue says.
        FolderNotWritable: the target cannot be written.
    """
    target = file_path(folder, artefact, file)
    temporary = target.with_name(f".{target.name}.part")
    try:
        content = file.build(target.with_name(file.source))
    except ModuleNotFoundError as error:
        raise BuildFailed(
            f"{artefact.name}/{file.name}",
            f"the Python package {error.name!r} is missing. Install it (pip install onnx), then run the command again",
        ) from error
    except ImportFailed as error:
        raise BuildFailed(f"{artefact.name}/{file.name}", str(error)) from error
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise BuildFailed(
            f"{artefact.name}/{file.name}",
            f"the result has SHA-256 {found}, but {file.sha256} is expected. Install the versions of numpy and onnx "
            "that requirements.lock names, then run the same command again",
        )
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except OSError as error:
        raise FolderNotWritable(target.parent, error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
