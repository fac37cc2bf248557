"""The body of a create call: what it says, what is wrong with it, and what of it has no effect (contract §1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversation.flow.schema.problems import Problem
from rtc_server.api.resources.schemas import CREATE_SESSION, IGNORED
from rtc_server.session.options import camel_case
from rtc_server.storage.ports import Json

_WITHOUT_EFFECT = {
    "flowId": "'flow' is given, so flowId and flowVersion have no effect",
    "modules": "'flow' is given, so modules have no effect",
    "requestedData": "'flow' is given, so requestedData has no effect; use extractionSchema",
    "initialPhrase": "'flow' is given, so initialPhrase has no effect; let the first conversation say it",
    "finalPhrase": "'flow' is given, so finalPhrase has no effect; let the last conversation say it",
}


@dataclass(frozen=True, slots=True)
class CreateSession:
    """A create call; with problems in its own fields only the flow may be looked at."""

    settings: Json
    """The body as submitted, with ``avatarId`` filled in."""
    flow: Any = None
    """In any of the accepted forms; still to be judged."""
    flow_id: str = ""
    flow_version: int | None = None
    options: Json = field(default_factory=dict)
    """The body in one spelling."""
    avatar_id: str = ""
    client_reference_id: str = ""
    languages: tuple[str, ...] = ()
    """Every language that the call names, as it is written there."""
    sandbox: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def modular(self) -> bool:
        """Whether it is of an older form: modules, or before them data and phrases."""
        asked = ("requestedData", "initialPhrase", "finalPhrase")
        return self.options.get("modules") is not None or any(self.options.get(name) for name in asked)


def parse_create(body: Json, default_avatar_id: str, *, lenient: bool = False) -> tuple[CreateSession, list[Problem]]:
    """The call and everything wrong with its own fields.

    ``lenient``: snake_case is understood, ``null`` is the same as absent everywhere, and unknown fields are warnings.
    """
    said = _understood(body) if lenient else body
    problems = list(CREATE_SESSION(said, ""))
    warnings = []
    if lenient:
        warnings = [f"{p.path}: {p.message}; ignored" for p in problems if p.rule == "unknown_field"]
        problems = [problem for problem in problems if problem.rule != "unknown_field"]
    warnings += _warnings(said)
    avatar_id = said.get("avatarId") or default_avatar_id
    call = CreateSession(
        settings=body if body.get("avatarId") is not None else {**body, "avatarId": avatar_id},
        flow=said.get("flow"),
        flow_id=_text(said, "flowId"),
        flow_version=said.get("flowVersion"),
        options=said,
        avatar_id=avatar_id,
        client_reference_id=_text(said, "clientReferenceId"),
        languages=_languages(said),
        sandbox=said.get("sandbox") or {},
        lenient=lenient,
        warnings=tuple(warnings),
    )
    return call, problems


def _understood(body: Json) -> Json:
    """The body in camelCase without ``null``; the flow's parser reads snake_case by itself."""
    flow = body.get("flow")
    said: Json = camel_case({name: value for name, value in body.items() if name != "flow"})
    if isinstance(provided := said.get("providedData"), Mapping):
        said["providedData"] = {name: value for name, value in provided.items() if value is not None}
    return said | ({"flow": flow} if flow is not None else {})


def _warnings(said: Mapping[str, Any]) -> list[str]:
    given = {name for name, value in said.items() if value is not None}
    warnings = [f"{name} has no effect: {why}" for name, why in IGNORED.items() if name in given]
    if "flow" in given:
        warnings += [sentence for name, sentence in _WITHOUT_EFFECT.items() if name in given]
    if said.get("videoAIAnalysisEnabled") is True:
        warnings.append("videoAIAnalysisEnabled has no effect: nothing here analyses the video after a session yet")
    return warnings


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _languages(said: Mapping[str, Any]) -> tuple[str, ...]:
    langs = said.get("langs")
    named = [*(langs if isinstance(langs, list) else []), said.get("defaultLang"), said.get("lang")]
    return tuple(dict.fromkeys(tag for tag in named if isinstance(tag, str)))
