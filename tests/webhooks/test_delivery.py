"""From a change of status to the customer's server."""

import hashlib
import hmac
import json

from standardwebhooks.webhooks import Webhook

from tests.fakes.receiver import Receiver
from tests.webhooks.line import Line, session


async def test_events_of_a_session_arrive_in_order_with_ids_of_their_own_and_valid_signatures(
    line: Line, receiver: Receiver
) -> None:
    _, secret = await line.endpoint(receiver.url)
    await line.sessions.create_session(session("one"))
    await line.sessions.update_session("one", status="inProgress", started_at=session("x").created_at)
    await line.finish("one")
    requests = await receiver.wait_for(3)
    bodies = [json.loads(request.body) for request in requests]
    assert [body["status"] for body in bodies] == ["created", "inProgress", "complete"]
    assert {body["type"] for body in bodies} == {"session.status"}
    assert {body["sessionId"] for body in bodies} == {"one"}
    assert len({body["id"] for body in bodies}) == 3
    for request, body in zip(requests, bodies, strict=True):
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        assert request.headers["X-FaceSign-Signature"] == f"sha256={digest}"
        assert Webhook(secret).verify(request.body, request.headers) == body
        assert request.headers["webhook-id"] == request.headers["FaceSign-Event-Id"] == body["id"]
        assert request.headers["Content-Type"] == "application/json"
