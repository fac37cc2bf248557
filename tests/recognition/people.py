"""Templates of people who do not exist: near each other for one person, far for others."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from rtc_server.recognition.ports import Consent, Enrolment
from rtc_server.recognition.search_ports import MakeIndex, TemplateIndex
from rtc_server.recognition.usearch_index import UsearchIndex
from rtc_server.storage.ports import Owner, Templates

DIMENSIONS = 128
EMBEDDER = "dlib"
ACME = Owner("acme", sandbox=False)
SERVER_KEY = bytes(range(32))
CONSENT = Consent("I agree to be recognised.", "en", 1_790_000_000_000)
Result = TypeVar("Result")


def person(number: int) -> Templates:
    """A template of length 1.3; two people are some 1.8 apart."""
    template = np.random.default_rng(number).normal(size=DIMENSIONS)
    return (1.3 * template / np.linalg.norm(template)).astype(np.float32)


def moved(template: Templates, distance: float, seed: int = 0) -> Templates:
    """The template at exactly this distance from another, in some direction."""
    step = np.random.default_rng(seed).normal(size=len(template))
    return (template + distance * step / np.linalg.norm(step)).astype(np.float32)


def enrolment(reference: str = "", **fields: str) -> Enrolment:
    return Enrolment(reference, fields, CONSENT)


async def on_thread(function: Callable[..., Result], /, *arguments: object) -> Result:
    return await asyncio.to_thread(function, *arguments)


def in_memory() -> MakeIndex:
    async def make(owner: Owner, embedder: str, dimensions: int) -> TemplateIndex:
        return UsearchIndex(dimensions, on_thread)

    return make
