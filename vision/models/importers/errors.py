"""What can be wrong with a model that is to be imported."""

from pathlib import Path


class ImportFailed(ValueError):
    """A model that cannot be made into ONNX; the text names the file and what is wrong with it."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path.name} cannot be imported: {detail}")
