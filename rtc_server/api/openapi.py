"""The published document (OpenAPI 3.1), made from the operations; served at ``/openapi.json``."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from rtc_server.api.access.idempotency import HEADER, REPLAYED
from rtc_server.api.access.issue import SCOPES
from rtc_server.api.checks import Annotated, Array, Check, array, described, named, reply, text
from rtc_server.api.errors import MAX_DETAILS, error_type
from rtc_server.api.operation import Operation
from rtc_server.storage.ports import Json

OPENAPI_VERSION = "3.1.0"

_ERROR_TYPES = ("authentication_error", "validation_error", "not_found_error", "rate_limit_error", "server_error")
_DETAIL = reply({"path": text(10_000), "rule": text(64), "message": text(10_000)})
_ERROR = named(
    "Error",
    reply(
        {
            "error": reply(
                {
                    "type": described(text(32), f"One of {', '.join(_ERROR_TYPES)}."),
                    "code": described(text(64), "For programs; docs/api.md lists them.", "invalid_value"),
                    "message": described(text(100_000), "For people."),
                    "requestId": described(text(64), "Quote it to the operator.", "req_3q8Zc1mT0aBd9XyKpL2v"),
                },
                {
                    "param": described(text(10_000), "JSON path of the first wrong field."),
                    "details": described(array(_DETAIL, MAX_DETAILS), "Every problem, up to 100."),
                },
                open=True,
            )
        }
    ),
    "What every failure answers with.",
)
_HEADERS: Json = {
    "X-Request-Id": ("Id of this request, for support.", {"type": "string"}),
    "X-RateLimit-Limit": ("Calls a minute.", {"type": "integer"}),
    "X-RateLimit-Remaining": ("Calls left just now.", {"type": "integer"}),
    "X-RateLimit-Reset": ("Unix seconds when all of them are there again.", {"type": "integer"}),
    "Retry-After": ("Seconds until another try makes sense.", {"type": "integer", "minimum": 1}),
    REPLAYED: (f"`true` when the answer is that of an earlier request with the same {HEADER}.", {"type": "string"}),
}
_INTRODUCTION = """Visavis verifies people face to face with a talking avatar. This API is for your backend: create a
session, send the person to its `clientSecret.url`, listen to webhooks, read the report.

Bodies are JSON in UTF-8 with camelCase keys; times are Unix milliseconds. A leading `/v1`, repeated slashes and a slash
at the end make no difference. Test keys (`sk_test_…`) belong to the sandbox, which sees none of production's data."""


def openapi_document(operations: Iterable[Operation], version: str, server_url: str = "/") -> Json:
    """The whole document. ``version`` is the server's; ``server_url`` where it is reached."""
    schemas: Json = {}
    paths: Json = {}
    tags: dict[str, None] = {}
    for operation in operations:
        tags[operation.tag] = None
        path = re.sub(r"\{(\w+)\}", lambda match: f"{{{_camel(match[1])}}}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, schemas)
    hoist(_ERROR.json_schema(), schemas)
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "Visavis", "version": version, "description": _INTRODUCTION},
        "servers": [{"url": server_url}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "headers": {name: {"description": words, "schema": schema} for name, (words, schema) in _HEADERS.items()},
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"`Authorization: Bearer sk_…`, or `X-API-Key`. Scopes: {', '.join(SCOPES)}.",
                },
                "clientSecret": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The session page's own secret, `cs…`; opens one session.",
                },
            },
        },
    }


def hoist(schema: Any, components: Json) -> Any:
    """The schema with everything that has a ``title`` moved to ``components`` and referred to.

    Raises ``ValueError`` when two different schemas have the same title.
    """
    if isinstance(schema, list):
        return [hoist(item, components) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: hoist(value, components) for key, value in schema.items()}
    title = inner.pop("title", None)
    if not isinstance(title, str):
        return inner if title is None else inner | {"title": title}  # a property of that name
    if components.setdefault(title, inner) != inner:
        raise ValueError(f"two different schemas are named {title}")
    return {"$ref": f"#/components/schemas/{title}"}


def _operation(operation: Operation, schemas: Json) -> Json:
    row: Json = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "security": _security(operation),
        "responses": _responses(operation, schemas),
    }
    if description := _description(operation):
        row["description"] = description
    if parameters := _parameters(operation, schemas):
        row["parameters"] = parameters
    if operation.body is not None:
        schema = operation.body.json_schema()
        content = {"application/json": {"schema": hoist(schema, schemas)}}
        row["requestBody"] = {"required": bool(schema.get("required")), "content": content}
    if operation.binary:
        anything = {"schema": {"type": "string", "format": "binary"}}
        row["requestBody"] = {"required": True, "content": dict.fromkeys(operation.binary, anything)}
    return row


def _description(operation: Operation) -> str:
    scope = f"Needs the scope `{operation.scope}`." if operation.scope else ""
    return "\n\n".join(filter(None, (operation.description, scope)))


def _security(operation: Operation) -> list[Json]:
    schemes = {"api_key": "apiKey", "client_secret": "clientSecret"}
    return [{schemes[operation.security]: []}] if operation.security in schemes else []


def _parameters(operation: Operation, schemas: Json) -> list[Json]:
    path = [
        {"name": _camel(name), "in": "path", "required": True, "schema": {"type": "string", "maxLength": 256}}
        for name in operation.parameters
    ]
    query = [_query_parameter(name, check, schemas) for name, check in operation.query.items()]
    if not operation.idempotent_by_key:
        return path + query
    key = {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "Makes it safe to send the request again: for 24 hours it is answered as the first time.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    }
    return [*path, *query, key]


def _query_parameter(name: str, check: Check, schemas: Json) -> Json:
    schema = dict(check.json_schema())
    parameter: Json = {"name": name, "in": "query", "required": False, "schema": schema}
    if (words := schema.pop("description", None)) is not None:
        parameter["description"] = words
    if isinstance(check.check if isinstance(check, Annotated) else check, Array):
        parameter |= {"style": "form", "explode": True}
    parameter["schema"] = hoist(schema, schemas)
    return parameter


def _responses(operation: Operation, schemas: Json) -> Json:
    rate = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
    common = ["X-Request-Id", *([] if operation.security == "none" else rate)]
    responses: Json = {}
    for status, check in operation.responses.items():
        headers = [*common, *([REPLAYED] if operation.idempotent_by_key else [])]
        responses[str(status)] = {"description": _phrase(status), "headers": _header_refs(headers)}
        if check is not None:
            schema = hoist(check.json_schema(), schemas)
            responses[str(status)]["content"] = {operation.media_type: {"schema": schema}}
    for status in operation.failures:
        headers = [*common, *(["Retry-After"] if status in (429, 503) else [])]
        responses.setdefault(
            str(status),
            {
                "description": f"{_phrase(status)}: `{error_type(status)}`",
                "headers": _header_refs(headers),
                "content": {"application/json": {"schema": hoist(_ERROR.json_schema(), schemas)}},
            },
        )
    return responses


def _header_refs(names: Iterable[str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
