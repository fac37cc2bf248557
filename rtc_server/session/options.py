"""What the integrator asked for, in one spelling.

``SessionRecord.settings`` echoes the create call key for key, and older clients write snake_case, ``null`` for absent,
and names that the contract has given up (§2.6, §11.2). Whoever acts on the settings reads them through here.
"""

import re
from collections.abc import Mapping
from typing import Any

from conversation.flow.schema.modules import CompiledModules, compile_modules
from rtc_server.storage.ports import Json

FLAT_CUSTOMIZATION = {
    "permissionsButtonText": "buttonText",
    "permissionsMainHeading": "mainHeading",
    "permissionsSubheading": "subheading",
    "permissionsBackgroundType": "backgroundType",
    "permissionsBackgroundColor": "backgroundColor",
    "permissionsButtonTextTranslates": "buttonTextTranslates",
    "permissionsMainHeadingTranslates": "mainHeadingTranslates",
    "permissionsSubheadingTranslates": "subheadingTranslates",
}
"""Names of package 1.0.11 and their places in ``customization.permissionsPage`` today."""

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_AUTHORS_KEYS = frozenset({"metadata", "providedData", "sandbox", "variables"})
"""Objects whose keys belong to the author."""


def session_options(settings: Mapping[str, Any]) -> Json:
    """Settings in camelCase without ``null``, old names in their new places, and what ``modules`` ask for beside."""
    options: Json = camel_case({key: value for key, value in settings.items() if key != "flow"})
    if (language := options.get("lang")) and not options.get("defaultLang"):
        options["defaultLang"] = language
    flat = _flat_customization(options)
    if flat:
        customization = dict(options.get("customization") or {})
        customization["permissionsPage"] = flat | (customization.get("permissionsPage") or {})
        options["customization"] = customization
    if settings.get("flow") is None and (options.get("modules") or options.get("requestedData")):
        _add_what_modules_ask_for(options, compiled_modules(options))
    return options


def compiled_modules(options: Mapping[str, Any]) -> CompiledModules:
    """The flow that ``modules`` (G1) or ``requestedData`` (G0) of the options stand for."""
    return compile_modules(
        options.get("modules"),
        opening=options.get("initialPhrase") or "",
        closing=options.get("finalPhrase") or "",
        requested=options.get("requestedData") or (),
    )


def camel_case(value: Any) -> Any:
    """The JSON with snake_case field names in camelCase and without ``null`` members.

    Keys that are data stay: metadata, provided data, variables, outcome keys, languages of translations.
    """
    if isinstance(value, list):
        return [camel_case(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    renamed = {}
    for key, entry in value.items():
        name = camel_case_name(key)
        if entry is None or (name != key and value.get(name) is not None):
            continue
        renamed[name] = entry if _authors_own(name, entry) else camel_case(entry)
    return renamed


def camel_case_name(key: str) -> str:
    """``default_lang`` as ``defaultLang``; any other name as it is."""
    if not _SNAKE_CASE.fullmatch(key):
        return key
    first, *rest = key.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _authors_own(name: str, entry: Any) -> bool:
    if name in _AUTHORS_KEYS or name.endswith("Translates"):
        return True
    return name == "outcomes" and isinstance(entry, Mapping)


def _flat_customization(options: Json) -> Json:
    found = {**(options.get("customization") or {}), **options}
    page = {new: found[old] for old, new in FLAT_CUSTOMIZATION.items() if old in found}
    if isinstance(kind := page.get("backgroundType"), str):
        page["backgroundType"] = kind.upper()
    return page


def _add_what_modules_ask_for(options: Json, compiled: CompiledModules) -> None:
    """Fields to extract and contacts that modules name; what the call itself says counts more."""
    own = list(options.get("extractionSchema") or [])
    names = {entry.get("fieldName") for entry in own}
    if fields := [*own, *(entry for entry in compiled.extraction if entry["fieldName"] not in names)]:
        options["extractionSchema"] = fields
    if provided := compiled.provided | (options.get("providedData") or {}):
        options["providedData"] = provided
