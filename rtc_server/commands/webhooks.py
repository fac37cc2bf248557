"""``visavis webhooks``: endpoints and deliveries of a running server."""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from rtc_server.commands.options import complain
from rtc_server.commands.rest import RestClient, RestError, add_server_options, client_from
from rtc_server.storage.ports import Json
from rtc_server.webhooks.payload import PAYLOAD_STYLES
from rtc_server.webhooks.signing import SIGNATURE_STYLES

EPILOG = """examples:
  visavis webhooks create https://example.org/hook --events session.status
  visavis webhooks deliveries we_Ab3… --status failed
  visavis webhooks replay we_Ab3… --since-hours 6      send everything of the last six hours again
  visavis webhooks replay whd_Ab3…                     send one delivery again"""

_ENDPOINTS = "/webhook-endpoints"
_DELIVERIES = "/webhook-deliveries"

Action = Callable[[RestClient, argparse.Namespace], Awaitable[tuple[Json, list[str]]]]
"""What the server said, and the same in lines for a person."""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "webhooks",
        help="manage webhook endpoints and look at deliveries",
        description="Webhook endpoints and deliveries of a running server. docs/webhooks.md explains them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _action(actions, "list", "show all endpoints", _list)
    create = _action(actions, "create", "have events sent somewhere; shows the secret, this once", _create)
    create.add_argument("target", metavar="URL")
    create.add_argument("--events", default="*", metavar="A,B", help="event types (default *: all)")
    create.add_argument("--payload", choices=PAYLOAD_STYLES, default="current", help="default: current")
    create.add_argument("--signature", choices=SIGNATURE_STYLES, default="sha256_hex", help="default: sha256_hex")
    create.add_argument("--description", default="")
    _action(actions, "delete", "remove an endpoint and its log", _delete).add_argument("id", metavar="we_…")
    _action(actions, "test", "send webhook.test and tell what came of it", _test).add_argument("id", metavar="we_…")
    deliveries = _action(actions, "deliveries", "show what was sent", _deliveries)
    deliveries.add_argument("id", metavar="ID", help="we_… for a list, whd_… for one with its attempts")
    deliveries.add_argument("--status", choices=("pending", "delivered", "failed"))
    deliveries.add_argument("--limit", type=int, default=25, help="default 25, at most 100")
    replay = _action(actions, "replay", "send again", _replay)
    replay.add_argument("id", metavar="ID", help="whd_… for one delivery, we_… for everything of a time")
    replay.add_argument("--since-hours", type=float, default=24.0, metavar="N", help="with we_…; default 24")


def run(arguments: argparse.Namespace) -> int:
    """Carry out an action and print."""
    try:
        answer, lines = asyncio.run(_with_client(arguments))
    except RestError as error:
        return complain(error)
    print(json.dumps(answer, indent=2) if arguments.json else "\n".join(lines))
    return 0


def _action(actions: Any, name: str, help_text: str, action: Action) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
    add_server_options(parser)
    parser.add_argument("--json", action="store_true", help="print the server's answer")
    parser.set_defaults(run=run, action=action)
    return parser


async def _with_client(arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    action: Action = arguments.action
    async with client_from(arguments) as client:
        return await action(client, arguments)


async def _list(client: RestClient, _arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    answer = await client.call("GET", _ENDPOINTS)
    return answer, [_endpoint_line(endpoint) for endpoint in answer["webhookEndpoints"]] or ["no endpoints"]


async def _create(client: RestClient, arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    body = {
        "url": arguments.target,
        "eventTypes": [name.strip() for name in arguments.events.split(",")],
        "payloadStyle": arguments.payload,
        "signatureStyle": arguments.signature,
        "description": arguments.description,
    }
    answer = await client.call("POST", _ENDPOINTS, body)
    secret = f"secret: {answer['secret']}  (it is not shown again)"
    return answer, [_endpoint_line(answer["webhookEndpoint"]), secret]


async def _delete(client: RestClient, arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    return await client.call("DELETE", f"{_ENDPOINTS}/{arguments.id}"), [f"{arguments.id} removed"]


async def _test(client: RestClient, arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    made = await client.call("POST", f"{_ENDPOINTS}/{arguments.id}/test", {})
    deadline = time.monotonic() + 15.0
    while True:
        answer = await client.call("GET", f"{_DELIVERIES}/{made['webhookDelivery']['id']}")
        if answer["attempts"] or time.monotonic() >= deadline:
            return answer, [_delivery_line(answer["webhookDelivery"]), *map(_attempt_line, answer["attempts"])]
        await asyncio.sleep(0.2)


async def _deliveries(client: RestClient, arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    if arguments.id.startswith("whd_"):
        answer = await client.call("GET", f"{_DELIVERIES}/{arguments.id}")
        return answer, [_delivery_line(answer["webhookDelivery"]), *map(_attempt_line, answer["attempts"])]
    query = {"status": arguments.status, "limit": arguments.limit}
    answer = await client.call("GET", f"{_ENDPOINTS}/{arguments.id}/deliveries", query=query)
    lines = [_delivery_line(delivery) for delivery in answer["webhookDeliveries"]] or ["no deliveries"]
    return answer, [*lines, "… and more"] if answer["hasMore"] else lines


async def _replay(client: RestClient, arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    if arguments.id.startswith("whd_"):
        answer = await client.call("POST", f"{_DELIVERIES}/{arguments.id}/replay", {})
        return answer, [_delivery_line(answer["webhookDelivery"])]
    now_ms = time.time_ns() // 1_000_000
    body = {"from": max(0, now_ms - round(3_600_000 * arguments.since_hours)), "to": now_ms}
    answer = await client.call("POST", f"{_ENDPOINTS}/{arguments.id}/replay", body)
    return answer, [f"{answer['replayed']} events are being sent again"]


def _endpoint_line(endpoint: Json) -> str:
    status = f"{endpoint['status']} ({endpoint['disabledReason']})" if "disabledReason" in endpoint else "enabled"
    return f"{endpoint['id']}  {status}  {endpoint['url']}  {','.join(endpoint['eventTypes'])}"


def _delivery_line(delivery: Json) -> str:
    again = f"  replay {delivery['replay']}" if delivery["replay"] else ""
    due = f"  next {_when(delivery['nextAttemptAt'])}" if "nextAttemptAt" in delivery else ""
    made = _when(delivery["createdAt"])
    tries = "1 attempt" if delivery["attempts"] == 1 else f"{delivery['attempts']} attempts"
    return f"{delivery['id']}  {made}  {delivery['eventId']}  {delivery['status']}, {tries}{again}{due}"


def _attempt_line(attempt: Json) -> str:
    outcome = attempt["statusCode"] if attempt["statusCode"] is not None else attempt.get("error", "")
    return f"  {attempt['number']}. {_when(attempt['attemptedAt'])}  {outcome}  {attempt['latencyMs']:.0f} ms"


def _when(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
