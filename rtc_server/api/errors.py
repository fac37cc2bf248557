"""The one shape of an error: ``{"error": {type, code, message, param?, details?, requestId}}``."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from conversation.flow.schema.problems import Problem
from rtc_server.storage.ports import Json

MAX_DETAILS = 100
"""More problems than this help nobody; the message says how many there are."""

_TYPES = {
    401: "authentication_error",
    403: "authentication_error",
    404: "not_found_error",
    410: "not_found_error",
    429: "rate_limit_error",
}


class ApiError(Exception):
    """An answer that is no success. ``type`` of the envelope follows from the HTTP status."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        """JSON path of the field that is wrong."""
        self.extra = dict(extra or {})
        """More members of the error object."""
        self.headers = dict(headers or {})

    def envelope(self, request_id: str) -> Json:
        """The body to send."""
        error: Json = {"type": error_type(self.status), "code": self.code, "message": self.message}
        if self.param is not None:
            error["param"] = self.param
        return {"error": error | self.extra | {"requestId": request_id}}


def error_type(status: int) -> str:
    """One of the five types of the contract (§1.9): whose fault it is and whether trying again can help."""
    return _TYPES.get(status, "server_error" if status >= 500 else "validation_error")


def invalid(problems: Sequence[Problem]) -> ApiError:
    """A body that breaks rules: code and ``param`` of the first problem, all of them in ``details``."""
    first = problems[0]
    more = f" (and {len(problems) - 1} more, see details)" if len(problems) > 1 else ""
    details = [{"path": p.path, "rule": p.rule, "message": p.message} for p in problems[:MAX_DETAILS]]
    return ApiError(
        400, first.rule, f"{first.path}: {first.message}{more}", param=first.path, extra={"details": details}
    )


def unknown_id(parameter: str) -> ApiError:
    """404 for a path parameter such as ``session_id``: no such thing, or it is somebody else's."""
    noun = parameter.removesuffix("_id")
    first, *rest = noun.split("_")
    param = first + "".join(word.capitalize() for word in rest) + "Id"
    return ApiError(404, f"{noun}_not_found", f"There is no {noun.replace('_', ' ')} with this id.", param=param)


def retry_after(seconds: float) -> dict[str, str]:
    """``Retry-After`` (RFC 9110 §10.2.3): whole seconds, at least one."""
    return {"Retry-After": str(max(1, math.ceil(seconds)))}
