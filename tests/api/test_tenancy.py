"""Nobody's things exist for anybody else: every path with an id, asked with the keys of others."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.api.routes import OPERATIONS
from tests.api.flows import APPENDIX_B
from tests.api.test_faces import enrol
from tests.fakes.vision import Eyes
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server

BODIES: dict[str, dict[str, Any]] = {
    "simulateSession": {"action": "complete"},
    "replaceFlow": {"flow": APPENDIX_B["flow"]},
    "replayWebhookEvents": {"from": 0, "to": 10**13},
}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, eyes=Eyes().engines()) as opened:
        yield opened


async def one_of_everything(server: WholeServer) -> dict[str, str]:
    """Parameter of a path → an id of the sandbox's key."""
    session = await server.post("/sessions", APPENDIX_B | {"clientReferenceId": "person-1"})
    flow = await server.post("/flows", {"name": "wire", "flow": APPENDIX_B["flow"]})
    hook = await server.post("/webhook-endpoints", {"url": "http://127.0.0.1:9/hook", "eventTypes": ["*"]})
    endpoint_id = hook["webhookEndpoint"]["id"]
    delivery = await server.post(f"/webhook-endpoints/{endpoint_id}/test", {})
    return {
        "session_id": session["session"]["id"],
        "client_reference_id": "person-1",
        "flow_id": flow["id"],
        "webhook_endpoint_id": endpoint_id,
        "webhook_delivery_id": delivery["webhookDelivery"]["id"],
        "api_key_id": (await server.post("/api-keys", {}))["apiKey"]["id"],
        "face_id": (await enrol(server, 12, "person-1"))["id"],
    }


@pytest.mark.parametrize("key", [OTHER_KEY, PRODUCTION_KEY])
async def test_what_is_somebody_elses_does_not_exist(server: WholeServer, key: str) -> None:
    ids = await one_of_everything(server)
    unknown = dict.fromkeys(ids, "nothing")
    asked = [operation for operation in OPERATIONS if operation.security == "api_key" and operation.parameters]
    assert len(asked) > 20
    for operation in asked:
        errors = []
        for values in (ids, unknown):
            body = (
                {"json": BODIES.get(operation.operation_id, {})} if operation.body or operation.method == "POST" else {}
            )
            response = await server.call(operation.method, operation.path.format(**values), key=key, **body)
            assert response.status == 404, (operation.operation_id, await response.text())
            error = (await response.json())["error"]
            errors.append({name: value for name, value in error.items() if name != "requestId"})
        assert errors[0] == errors[1], "no hint that it exists"
    for path in ("/sessions?cursor={session_id}", "/flows?cursor={flow_id}", "/faces?cursor={face_id}"):
        assert (await server.call("GET", path.format(**ids), key=key)).status == 400
    for path in ("/sessions", "/flows", "/faces", "/webhook-endpoints"):
        (found,) = [value for value in (await server.get(path, key=key)).values() if isinstance(value, list)]
        assert found == []
