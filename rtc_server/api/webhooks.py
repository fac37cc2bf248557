"""Webhook endpoints by REST: where events go, what became of them, and sending them again."""

from aiohttp import web

from rtc_server.api.auth import authenticate
from rtc_server.api.checks import array, boolean, described, integer, one_of, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, body_of, query_of
from rtc_server.api.secrets import new_id
from rtc_server.api.webhook_schemas import (
    ATTEMPT,
    CHANGE,
    CREATE,
    DELIVERY,
    ENDPOINT,
    REPLAY_RANGE,
    SECRET,
    attempt_json,
    delivery_json,
    endpoint_json,
)
from rtc_server.storage.ports import Json, Owner
from rtc_server.webhooks.ports import Attempt, Delivery, DeliveryQuery, Endpoint
from rtc_server.webhooks.service import MAX_ENDPOINTS, TooManyEndpoints, WebhookService

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100

_COLUMNS = {
    "url": "url",
    "description": "description",
    "eventTypes": "event_types",
    "payloadStyle": "payload_style",
    "signatureStyle": "signature_style",
    "status": "status",
}
_URL_PROBLEMS = {
    "not_a_url": "is no web address; write https://example.org/hook",
    "scheme_not_allowed": "must begin with https:// (in the sandbox http:// is possible, too)",
    "credentials_in_url": "must not hold a user name or password; check the signature instead",
    "host_not_allowed": "names a host that this server may not call",
    "address_not_allowed": "names an address in a private network; the operator can allow it (outbound.allow_private)",
}


async def create_endpoint(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints``: the endpoint and, this once, its secret."""
    caller = await authenticate(request)
    fields = _fields(await body_of(request))
    url = fields.pop("url")
    _refuse_url(_service(request), url, caller.owner)
    try:
        endpoint, secret = await _service(request).create(f"we_{new_id()}", caller.owner, url, fields)
    except TooManyEndpoints:
        message = f"There are {MAX_ENDPOINTS} endpoints already, and no more are possible; delete one that is not used."
        raise ApiError(409, "too_many_endpoints", message) from None
    return json_response({"webhookEndpoint": endpoint_json(endpoint), "secret": secret})


async def list_endpoints(request: web.Request) -> web.Response:
    """``GET /webhook-endpoints``."""
    caller = await authenticate(request)
    found = await _service(request).endpoints.endpoints(caller.owner)
    return json_response({"webhookEndpoints": [endpoint_json(endpoint) for endpoint in found]})


async def get_endpoint(request: web.Request) -> web.Response:
    """``GET /webhook-endpoints/{id}``."""
    return json_response({"webhookEndpoint": endpoint_json(await _own_endpoint(request))})


async def update_endpoint(request: web.Request) -> web.Response:
    """``PATCH /webhook-endpoints/{id}``."""
    endpoint = await _own_endpoint(request)
    changes = _fields(await body_of(request))
    if "url" in changes:
        _refuse_url(_service(request), changes["url"], endpoint.owner)
    return json_response({"webhookEndpoint": endpoint_json(_known(await _service(request).update(endpoint, changes)))})


async def delete_endpoint(request: web.Request) -> web.Response:
    """``DELETE /webhook-endpoints/{id}``: with its deliveries and their log."""
    endpoint = await _own_endpoint(request)
    await _service(request).endpoints.delete_endpoint(endpoint.id, endpoint.owner)
    return json_response({"id": endpoint.id, "deleted": True})


async def rotate_secret(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints/{id}/rotate-secret``."""
    rotated = await _service(request).rotate_secret(await _own_endpoint(request))
    if rotated is None:
        raise unknown_id("webhook_endpoint_id")
    endpoint, secret = rotated
    return json_response({"webhookEndpoint": endpoint_json(endpoint), "secret": secret})


async def test_endpoint(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints/{id}/test``: send ``webhook.test``."""
    endpoint = await _own_endpoint(request)
    _refuse_disabled(endpoint)
    try:
        delivery = await _service(request).test(endpoint)
    except KeyError:
        raise unknown_id("webhook_endpoint_id") from None
    return json_response({"webhookDelivery": delivery_json(delivery)})


async def list_deliveries(request: web.Request) -> web.Response:
    """``GET /webhook-endpoints/{id}/deliveries``: newest first."""
    endpoint = await _own_endpoint(request)
    asked = query_of(request)
    query = DeliveryQuery(
        owner=endpoint.owner,
        endpoint_id=endpoint.id,
        event_id=asked.get("eventId", ""),
        status=asked.get("status"),
        limit=asked.get("limit", PAGE_SIZE),
        cursor=asked.get("cursor", ""),
    )
    try:
        page, more = await _service(request).deliveries.deliveries(query)
    except KeyError:
        message = "cursor: is not the 'nextCursor' of an earlier page"
        raise ApiError(400, "invalid_value", message, param="cursor") from None
    following = {"nextCursor": page[-1].id} if more and page else {}
    return json_response({"webhookDeliveries": [delivery_json(d) for d in page], "hasMore": more, **following})


async def get_delivery(request: web.Request) -> web.Response:
    """``GET /webhook-deliveries/{id}``: with its attempts."""
    delivery, attempts = await _own_delivery(request)
    log = [attempt_json(attempt) for attempt in attempts]
    return json_response({"webhookDelivery": delivery_json(delivery), "attempts": log})


async def replay_delivery(request: web.Request) -> web.Response:
    """``POST /webhook-deliveries/{id}/replay``: send the event again, under the same event id."""
    delivery, _ = await _own_delivery(request)
    endpoint = await _service(request).endpoints.endpoint(delivery.endpoint_id, delivery.owner)
    _refuse_disabled(_known(endpoint))
    try:
        again = await _service(request).replay(delivery)
    except KeyError:
        raise unknown_id("webhook_delivery_id") from None
    return json_response({"webhookDelivery": delivery_json(again)})


async def replay_range(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints/{id}/replay``: send again what happened in a time."""
    endpoint = await _own_endpoint(request)
    body = await body_of(request)
    _refuse_disabled(endpoint)
    try:
        count = await _service(request).replay_range(endpoint, body["from"], body["to"])
    except KeyError:
        raise unknown_id("webhook_endpoint_id") from None
    return json_response({"replayed": count})


def _service(request: web.Request) -> WebhookService:
    service = request.app[CONTEXT].webhooks
    if service is None:
        raise ApiError(503, "webhooks_unavailable", "This server has no webhooks.")
    return service


async def _own_endpoint(request: web.Request) -> Endpoint:
    caller = await authenticate(request)
    endpoint_id = request.match_info["webhook_endpoint_id"]
    return _known(await _service(request).endpoints.endpoint(endpoint_id, caller.owner))


async def _own_delivery(request: web.Request) -> tuple[Delivery, list[Attempt]]:
    caller = await authenticate(request)
    found = await _service(request).deliveries.delivery(request.match_info["webhook_delivery_id"], caller.owner)
    if found is None:
        raise unknown_id("webhook_delivery_id")
    return found


def _known(endpoint: Endpoint | None) -> Endpoint:
    if endpoint is None:
        raise unknown_id("webhook_endpoint_id")
    return endpoint


def _fields(body: Json) -> Json:
    """The submitted members as fields of an endpoint; ``null`` is the same as absent."""
    fields = {_COLUMNS[name]: value for name, value in body.items() if value is not None}
    if "event_types" in fields:
        fields["event_types"] = tuple(dict.fromkeys(fields["event_types"]))
    return fields


def _refuse_url(service: WebhookService, url: str, owner: Owner) -> None:
    if reason := service.judge(url, owner):
        raise ApiError(400, "invalid_value", f"url: {_URL_PROBLEMS[reason]}", param="url")


def _refuse_disabled(endpoint: Endpoint) -> None:
    if endpoint.status != "enabled":
        message = "This endpoint is disabled; enable it first (PATCH with status 'enabled')."
        raise ApiError(409, "endpoint_disabled", message)


_ONE = reply({"webhookEndpoint": ENDPOINT})
_WITH_SECRET = reply({"webhookEndpoint": ENDPOINT, "secret": SECRET})
_ONE_DELIVERY = reply({"webhookDelivery": DELIVERY})
_TAG = "Webhooks"

OPERATIONS = (
    Operation(
        method="POST",
        path="/webhook-endpoints",
        handler=create_endpoint,
        operation_id="createWebhookEndpoint",
        summary="Have events sent somewhere",
        tag=_TAG,
        scope="webhooks:write",
        description="The endpoint gets events of this tenant and mode from now on. See docs/webhooks.md.",
        body=CREATE,
        responses={200: _WITH_SECRET},
        errors=(409,),
    ),
    Operation(
        method="GET",
        path="/webhook-endpoints",
        handler=list_endpoints,
        operation_id="listWebhookEndpoints",
        summary="List endpoints",
        tag=_TAG,
        scope="webhooks:read",
        responses={200: reply({"webhookEndpoints": array(ENDPOINT, max_items=MAX_ENDPOINTS)})},
    ),
    Operation(
        method="GET",
        path="/webhook-endpoints/{webhook_endpoint_id}",
        handler=get_endpoint,
        operation_id="getWebhookEndpoint",
        summary="Read an endpoint",
        tag=_TAG,
        scope="webhooks:read",
        responses={200: _ONE},
    ),
    Operation(
        method="PATCH",
        path="/webhook-endpoints/{webhook_endpoint_id}",
        handler=update_endpoint,
        operation_id="updateWebhookEndpoint",
        summary="Change, disable or enable an endpoint",
        tag=_TAG,
        scope="webhooks:write",
        body=CHANGE,
        responses={200: _ONE},
    ),
    Operation(
        method="DELETE",
        path="/webhook-endpoints/{webhook_endpoint_id}",
        handler=delete_endpoint,
        operation_id="deleteWebhookEndpoint",
        summary="Remove an endpoint and its log",
        tag=_TAG,
        scope="webhooks:write",
        responses={200: reply({"id": text(64), "deleted": boolean})},
    ),
    Operation(
        method="POST",
        path="/webhook-endpoints/{webhook_endpoint_id}/rotate-secret",
        handler=rotate_secret,
        operation_id="rotateWebhookSecret",
        summary="Replace the signing secret",
        tag=_TAG,
        scope="webhooks:write",
        description="For 24 hours the former secret signs beside the new one.",
        responses={200: _WITH_SECRET},
    ),
    Operation(
        method="POST",
        path="/webhook-endpoints/{webhook_endpoint_id}/test",
        handler=test_endpoint,
        operation_id="testWebhookEndpoint",
        summary="Send webhook.test",
        tag=_TAG,
        scope="webhooks:write",
        responses={200: _ONE_DELIVERY},
        errors=(409,),
    ),
    Operation(
        method="POST",
        path="/webhook-endpoints/{webhook_endpoint_id}/replay",
        handler=replay_range,
        operation_id="replayWebhookEvents",
        summary="Send again what happened in a time",
        tag=_TAG,
        scope="webhooks:write",
        description="At most 1,000 events that the endpoint is subscribed to, the oldest first, each under its own id.",
        body=REPLAY_RANGE,
        responses={200: reply({"replayed": described(integer(0), "How many events.")})},
        errors=(409,),
    ),
    Operation(
        method="GET",
        path="/webhook-endpoints/{webhook_endpoint_id}/deliveries",
        handler=list_deliveries,
        operation_id="listWebhookDeliveries",
        summary="List what was sent to an endpoint",
        tag=_TAG,
        scope="webhooks:read",
        description="Newest first; kept for 30 days.",
        query={
            "eventId": text(64),
            "status": one_of("pending", "delivered", "failed"),
            "limit": described(integer(0, MAX_PAGE_SIZE), f"Deliveries on a page; default {PAGE_SIZE}."),
            "cursor": described(text(64), "`nextCursor` of the page before."),
        },
        responses={
            200: reply(
                {"webhookDeliveries": array(DELIVERY, max_items=MAX_PAGE_SIZE), "hasMore": boolean},
                {"nextCursor": text(64)},
            )
        },
    ),
    Operation(
        method="GET",
        path="/webhook-deliveries/{webhook_delivery_id}",
        handler=get_delivery,
        operation_id="getWebhookDelivery",
        summary="Read a delivery with its attempts",
        tag=_TAG,
        scope="webhooks:read",
        responses={200: reply({"webhookDelivery": DELIVERY, "attempts": array(ATTEMPT, max_items=100)})},
    ),
    Operation(
        method="POST",
        path="/webhook-deliveries/{webhook_delivery_id}/replay",
        handler=replay_delivery,
        operation_id="replayWebhookDelivery",
        summary="Send an event again",
        tag=_TAG,
        scope="webhooks:write",
        description="Under the same event id, so a receiver that has seen it ignores it.",
        responses={200: _ONE_DELIVERY},
        errors=(409,),
    ),
)
