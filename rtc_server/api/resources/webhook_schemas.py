"""What webhook endpoints, deliveries and attempts look like in JSON."""

from rtc_server.api.checks import Check, array, described, integer, named, nullable, number, one_of, reply, shape, text
from rtc_server.outbound.policy import MAX_URL_CHARACTERS
from rtc_server.storage.ports import Json
from rtc_server.webhooks.payload import EVENT_TYPES, LEGACY_EVENTS, PAYLOAD_STYLES
from rtc_server.webhooks.ports import Attempt, Delivery, Endpoint
from rtc_server.webhooks.signing import SIGNATURE_STYLES

MAX_TIME_MS = 10**14

_EVENT_TYPE = one_of("*", *EVENT_TYPES, *LEGACY_EVENTS)
_FIELDS: dict[str, Check] = {
    "url": described(text(MAX_URL_CHARACTERS, min_characters=1), "Where to send; HTTPS.", "https://example.org/hook"),
    "description": text(500),
    "eventTypes": described(
        array(_EVENT_TYPE, max_items=50, min_items=1), "What to send; `*` is everything.", ["session.status"]
    ),
    "payloadStyle": described(
        one_of(*PAYLOAD_STYLES),
        "`current`: what happened, refetch the session. `full`: the same with the session inside. `legacy`: "
        "`session.completed`, `session.cancelled` and `session.expired` with the session inside, nothing else.",
    ),
    "signatureStyle": described(
        one_of(*SIGNATURE_STYLES),
        "How `X-FaceSign-Signature` is written: `sha256=<hex>`, `<hex>`, or `t=<seconds>,v1=<hex>`.",
    ),
}
_STATUS = one_of("enabled", "disabled")
CREATE = shape(_FIELDS, required=("url",))
CHANGE = shape(_FIELDS | {"status": described(_STATUS, "Enabling forgets past failures.")})
REPLAY_RANGE = shape(
    {
        "from": described(integer(0, MAX_TIME_MS), "Events from then on; Unix milliseconds."),
        "to": described(integer(0, MAX_TIME_MS), "Events until then, inclusive."),
    },
    required=("from", "to"),
)

ENDPOINT = named(
    "WebhookEndpoint",
    reply(
        {"id": text(64), **_FIELDS, "status": _STATUS, "createdAt": integer()},
        {
            "disabledReason": described(
                one_of("request", "gone", "failing"),
                "Disabled by you, by an answer 410, or after days of nothing but failures.",
            ),
            "failingSince": described(integer(), "First failure since the last success; Unix milliseconds."),
        },
    ),
    "Where events are sent.",
)
DELIVERY = named(
    "WebhookDelivery",
    reply(
        {
            "id": text(64),
            "eventId": described(text(64), "Also the `webhook-id` header of every attempt."),
            "endpointId": text(64),
            "status": described(one_of("pending", "delivered", "failed"), "`failed`: no further attempt is made."),
            "attempts": integer(0),
            "replay": described(integer(0), "0: the first delivery; 1, 2 …: sent again on request."),
            "createdAt": integer(),
        },
        {"nextAttemptAt": integer(), "finishedAt": integer()},
    ),
    "One event on its way to one endpoint.",
)
ATTEMPT = named(
    "WebhookAttempt",
    reply(
        {
            "number": integer(1),
            "attemptedAt": integer(),
            "latencyMs": number,
            "statusCode": described(nullable(integer()), "`null` when there was no answer."),
        },
        {
            "error": described(text(200), "Why there was no answer, such as `timeout` or `tls_failed`."),
            "responseExcerpt": described(text(500), "Beginning of the answer's body."),
        },
    ),
)
SECRET = described(text(200), "Signs what is sent. It is shown this once.", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def endpoint_json(endpoint: Endpoint) -> Json:
    """An endpoint as the API shows it."""
    optional = {"disabledReason": endpoint.disabled_reason or None, "failingSince": endpoint.failing_since}
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.description,
        "eventTypes": list(endpoint.event_types),
        "payloadStyle": endpoint.payload_style,
        "signatureStyle": endpoint.signature_style,
        "status": endpoint.status,
        "createdAt": endpoint.created_at,
        **_present(optional),
    }


def delivery_json(delivery: Delivery) -> Json:
    """A delivery as the API shows it."""
    return {
        "id": delivery.id,
        "eventId": delivery.event_id,
        "endpointId": delivery.endpoint_id,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "replay": delivery.replay,
        "createdAt": delivery.created_at,
        **_present({"nextAttemptAt": delivery.next_attempt_at, "finishedAt": delivery.finished_at}),
    }


def attempt_json(attempt: Attempt) -> Json:
    """An attempt as the API shows it."""
    return {
        "number": attempt.number,
        "attemptedAt": attempt.attempted_at,
        "latencyMs": attempt.latency_ms,
        "statusCode": attempt.status_code,
        **_present({"error": attempt.error or None, "responseExcerpt": attempt.response_excerpt or None}),
    }


def _present(members: Json) -> Json:
    return {name: value for name, value in members.items() if value is not None}
