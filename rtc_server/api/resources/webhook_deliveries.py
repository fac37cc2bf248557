"""Webhook deliveries by REST: what became of events, and sending them again."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import array, boolean, described, integer, one_of, reply, text
from rtc_server.api.errors import ApiError, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, body_of, query_of
from rtc_server.api.resources.webhook_schemas import ATTEMPT, DELIVERY, REPLAY_RANGE, attempt_json, delivery_json
from rtc_server.api.resources.webhooks import TAG, known_endpoint, own_endpoint, refuse_disabled, webhook_service
from rtc_server.webhooks.ports import Attempt, Delivery, DeliveryQuery

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100

_ONE_DELIVERY = reply({"webhookDelivery": DELIVERY})


async def list_deliveries(request: web.Request) -> web.Response:
    """``GET /webhook-endpoints/{id}/deliveries``: newest first."""
    endpoint = await own_endpoint(request)
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
        page, more = await webhook_service(request).deliveries.deliveries(query)
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
    endpoint = await webhook_service(request).endpoints.endpoint(delivery.endpoint_id, delivery.owner)
    refuse_disabled(known_endpoint(endpoint))
    try:
        again = await webhook_service(request).replay(delivery)
    except KeyError:
        raise unknown_id("webhook_delivery_id") from None
    return json_response({"webhookDelivery": delivery_json(again)})


async def replay_range(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints/{id}/replay``: send again what happened in a time."""
    endpoint = await own_endpoint(request)
    body = await body_of(request)
    refuse_disabled(endpoint)
    try:
        count = await webhook_service(request).replay_range(endpoint, body["from"], body["to"])
    except KeyError:
        raise unknown_id("webhook_endpoint_id") from None
    return json_response({"replayed": count})


async def _own_delivery(request: web.Request) -> tuple[Delivery, list[Attempt]]:
    caller = await authenticate(request)
    found = await webhook_service(request).deliveries.delivery(request.match_info["webhook_delivery_id"], caller.owner)
    if found is None:
        raise unknown_id("webhook_delivery_id")
    return found


OPERATIONS = (
    Operation(
        method="POST",
        path="/webhook-endpoints/{webhook_endpoint_id}/replay",
        handler=replay_range,
        operation_id="replayWebhookEvents",
        summary="Send again what happened in a time",
        tag=TAG,
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
        tag=TAG,
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
        tag=TAG,
        scope="webhooks:read",
        responses={200: reply({"webhookDelivery": DELIVERY, "attempts": array(ATTEMPT, max_items=100)})},
    ),
    Operation(
        method="POST",
        path="/webhook-deliveries/{webhook_delivery_id}/replay",
        handler=replay_delivery,
        operation_id="replayWebhookDelivery",
        summary="Send an event again",
        tag=TAG,
        scope="webhooks:write",
        description="Under the same event id, so a receiver that has seen it ignores it.",
        responses={200: _ONE_DELIVERY},
        errors=(409,),
    ),
)
