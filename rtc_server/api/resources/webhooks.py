"""Webhook endpoints by REST: where events go."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import array, boolean, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, body_of
from rtc_server.api.resources.webhook_schemas import (
    CHANGE,
    CREATE,
    DELIVERY,
    ENDPOINT,
    SECRET,
    delivery_json,
    endpoint_json,
)
from rtc_server.crypto.ids import new_id
from rtc_server.storage.ports import Json, Owner
from rtc_server.webhooks.ports import Endpoint
from rtc_server.webhooks.service import MAX_ENDPOINTS, TooManyEndpoints, WebhookService

TAG = "Webhooks"
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
    _refuse_url(webhook_service(request), url, caller.owner)
    try:
        endpoint, secret = await webhook_service(request).create(new_id("we_"), caller.owner, url, fields)
    except TooManyEndpoints:
        message = f"There are {MAX_ENDPOINTS} endpoints already, and no more are possible; delete one that is not used."
        raise ApiError(409, "too_many_endpoints", message) from None
    return json_response({"webhookEndpoint": endpoint_json(endpoint), "secret": secret})


async def list_endpoints(request: web.Request) -> web.Response:
    """``GET /webhook-endpoints``."""
    caller = await authenticate(request)
    found = await webhook_service(request).endpoints.endpoints(caller.owner)
    return json_response({"webhookEndpoints": [endpoint_json(endpoint) for endpoint in found]})


async def get_endpoint(request: web.Request) -> web.Response:
    """``GET /webhook-endpoints/{id}``."""
    return json_response({"webhookEndpoint": endpoint_json(await own_endpoint(request))})


async def update_endpoint(request: web.Request) -> web.Response:
    """``PATCH /webhook-endpoints/{id}``."""
    endpoint = await own_endpoint(request)
    changes = _fields(await body_of(request))
    if "url" in changes:
        _refuse_url(webhook_service(request), changes["url"], endpoint.owner)
    return json_response(
        {"webhookEndpoint": endpoint_json(known_endpoint(await webhook_service(request).update(endpoint, changes)))}
    )


async def delete_endpoint(request: web.Request) -> web.Response:
    """``DELETE /webhook-endpoints/{id}``: with its deliveries and their log."""
    endpoint = await own_endpoint(request)
    await webhook_service(request).endpoints.delete_endpoint(endpoint.id, endpoint.owner)
    return json_response({"id": endpoint.id, "deleted": True})


async def rotate_secret(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints/{id}/rotate-secret``."""
    rotated = await webhook_service(request).rotate_secret(await own_endpoint(request))
    if rotated is None:
        raise unknown_id("webhook_endpoint_id")
    endpoint, secret = rotated
    return json_response({"webhookEndpoint": endpoint_json(endpoint), "secret": secret})


async def test_endpoint(request: web.Request) -> web.Response:
    """``POST /webhook-endpoints/{id}/test``: send ``webhook.test``."""
    endpoint = await own_endpoint(request)
    refuse_disabled(endpoint)
    try:
        delivery = await webhook_service(request).test(endpoint)
    except KeyError:
        raise unknown_id("webhook_endpoint_id") from None
    return json_response({"webhookDelivery": delivery_json(delivery)})


def webhook_service(request: web.Request) -> WebhookService:
    """The delivery line. Raises ApiError 503 where there is none."""
    service = request.app[CONTEXT].webhooks
    if service is None:
        raise ApiError(503, "webhooks_unavailable", "This server has no webhooks.")
    return service


async def own_endpoint(request: web.Request) -> Endpoint:
    """The endpoint of the path. One of somebody else answers like one that does not exist. Raises ApiError 404."""
    caller = await authenticate(request)
    endpoint_id = request.match_info["webhook_endpoint_id"]
    return known_endpoint(await webhook_service(request).endpoints.endpoint(endpoint_id, caller.owner))


def known_endpoint(endpoint: Endpoint | None) -> Endpoint:
    """What was found. Raises ApiError 404 when it was nothing."""
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


def refuse_disabled(endpoint: Endpoint) -> None:
    """Raises ApiError 409 when nothing is sent to an endpoint."""
    if endpoint.status != "enabled":
        message = "This endpoint is disabled; enable it first (PATCH with status 'enabled')."
        raise ApiError(409, "endpoint_disabled", message)


_ONE = reply({"webhookEndpoint": ENDPOINT})
_WITH_SECRET = reply({"webhookEndpoint": ENDPOINT, "secret": SECRET})

OPERATIONS = (
    Operation(
        method="POST",
        path="/webhook-endpoints",
        handler=create_endpoint,
        operation_id="createWebhookEndpoint",
        summary="Have events sent somewhere",
        tag=TAG,
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
        tag=TAG,
        scope="webhooks:read",
        responses={200: reply({"webhookEndpoints": array(ENDPOINT, max_items=MAX_ENDPOINTS)})},
    ),
    Operation(
        method="GET",
        path="/webhook-endpoints/{webhook_endpoint_id}",
        handler=get_endpoint,
        operation_id="getWebhookEndpoint",
        summary="Read an endpoint",
        tag=TAG,
        scope="webhooks:read",
        responses={200: _ONE},
    ),
    Operation(
        method="PATCH",
        path="/webhook-endpoints/{webhook_endpoint_id}",
        handler=update_endpoint,
        operation_id="updateWebhookEndpoint",
        summary="Change, disable or enable an endpoint",
        tag=TAG,
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
        tag=TAG,
        scope="webhooks:write",
        responses={200: reply({"id": text(64), "deleted": boolean})},
    ),
    Operation(
        method="POST",
        path="/webhook-endpoints/{webhook_endpoint_id}/rotate-secret",
        handler=rotate_secret,
        operation_id="rotateWebhookSecret",
        summary="Replace the signing secret",
        tag=TAG,
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
        tag=TAG,
        scope="webhooks:write",
        responses={200: reply({"webhookDelivery": DELIVERY})},
        errors=(409,),
    ),
)
