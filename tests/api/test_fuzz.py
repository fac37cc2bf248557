"""The whole document against the whole API: nothing that fits or breaks it brings a 5xx or an undocumented answer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rtc_server.api.reference import document
from rtc_server.api.routes import OPERATIONS
from tests.api.conftest import FLOW
from tests.api.test_faces import enrolment
from tests.fakes.api_server import KEY, api_server

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 8
FEW_EXAMPLES = 1
TIMEOUT_SECONDS = 10.0
DOCUMENT: dict[str, Any] = json.loads(document(OPERATIONS, ""))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATION_IDS = [operation.operation_id for operation in OPERATIONS if operation.media_type != "text/event-stream"]
"""All but streams, which have no end."""
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # a failing request is small enough as it is; shrinking takes minutes
    suppress_health_check=list(HealthCheck),
)


class Target:
    """A running server, things that exist on it, and the credentials that open it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        session = self._post("/sessions", {"flow": FLOW, "clientReferenceId": "fuzz"})
        self.secret: str = session["clientSecret"]["secret"]
        self.known = {
            "sessionId": session["session"]["id"],
            "faceId": self._post("/faces", enrolment(12), status=201)["id"],
            "flowId": self._post("/flows", {"name": "fuzz", "flow": FLOW})["id"],
            "apiKeyId": self._post("/api-keys", {})["apiKey"]["id"],
        }

    def credential(self, operation_id: str) -> str:
        (operation,) = (operation for operation in OPERATIONS if operation.operation_id == operation_id)
        return {"api_key": KEY, "client_secret": str(self.secret), "none": ""}[operation.security]

    def _post(self, path: str, body: Any, status: int = 200) -> Any:
        headers = {"Authorization": f"Bearer {KEY}"}
        response = self.http.post(f"{self.url}{path}", json=body, headers=headers, timeout=TIMEOUT_SECONDS)
        assert response.status_code == status, response.text
        return response.json()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with api_server(tmp_path_factory.mktemp("fuzz")) as url:
        yield Target(url)


def attack(target: Target, operation_id: str, mode: GenerationMode, token: str, examples: int) -> set[int]:
    """Send generated requests of one operation and judge the replies; the statuses that came."""
    operation = SCHEMA.find_operation_by_id(operation_id)
    headers = {"Authorization": f"Bearer {token}".encode()} if token else {}
    statuses: set[int] = set()

    @settings(BOUNDED, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def send(case: Any, known: bool) -> None:
        if known:
            existing = {name: target.known[name] for name in case.path_parameters or {} if name in target.known}
            case.path_parameters = {**(case.path_parameters or {}), **existing}
        response = case.call(base_url=target.url, session=target.http, headers=headers, timeout=TIMEOUT_SECONDS)
        busy = response.status_code == 503 and response.json()["error"]["code"] == "busy"
        checks = [check for check in CHECKS if not busy or check is not not_a_server_error]
        case.validate_response(response, checks=checks, headers=headers)
        assert response.headers["x-request-id"][0].startswith("req_")
        statuses.add(response.status_code)

    send()
    return statuses


@pytest.mark.parametrize("operation_id", OPERATION_IDS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_with_the_right_credential(target: Target, operation_id: str, mode: GenerationMode) -> None:
    attack(target, operation_id, mode, target.credential(operation_id), EXAMPLES)


@pytest.mark.parametrize("token", ["", "sk_test_é"])
@pytest.mark.parametrize("operation_id", OPERATION_IDS)
def test_without_the_right_credential(target: Target, operation_id: str, token: str) -> None:
    (operation,) = (operation for operation in OPERATIONS if operation.operation_id == operation_id)
    refusals = {"api_key": {401}, "client_secret": {404}, "none": {403, 404}}[operation.security]
    assert attack(target, operation_id, GenerationMode.POSITIVE, token, FEW_EXAMPLES) <= refusals
