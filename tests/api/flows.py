"""Flows that the tests of the API send, in the forms that clients write."""

from typing import Any

GRAPH: dict[str, Any] = {
    "nodes": [
        {"id": "start", "type": "start", "outcome": "live"},
        {
            "id": "live",
            "type": "liveness_detection",
            "outcomes": {"livenessDetected": "end", "deepfakeDetected": "end", "noFace": "end"},
        },
        {"id": "end", "type": "end"},
    ],
    "edges": [{"id": "e1", "source": "start", "target": "live"}, {"id": "e2", "source": "live", "target": "end"}],
}
"""Generation 1.5, as the Python SDK's users write it."""

APPENDIX_B: dict[str, Any] = {
    "clientReferenceId": "order-77",
    "metadata": {"channel": "web"},
    "providedData": {"name": "Robin", "email": "robin@example.org"},
    "langs": ["en", "de"],
    "defaultLang": "en",
    "zone": "eu",
    "extractionSchema": [
        {"fieldName": "agreed", "type": "boolean", "description": "Did the person approve the payment?"}
    ],
    "flow": [
        {"id": "s", "type": "start", "outcome": "hello"},
        {
            "id": "hello",
            "type": "conversation",
            "prompt": "Greet {name}, explain a short check of about ten seconds is coming and why.",
            "outcomes": [{"id": "go", "targetNodeId": "live", "condition": ""}],
        },
        {
            "id": "live",
            "type": "liveness_detection",
            "outcomes": {
                "livenessDetected": "mail",
                "deepfakeDetected": "bye_no",
                "noFace": "bye_no",
                "inconclusive": "bye_no",
            },
        },
        {
            "id": "mail",
            "type": "two_factor_email",
            "outcomes": {
                "verified": "bye_ok",
                "delivery_failed": "bye_no",
                "failed_unverified": "bye_no",
                "cancelled": "bye_no",
                "error": "bye_no",
            },
        },
        {
            "id": "bye_ok",
            "type": "conversation",
            "prompt": "Thank the person and say the check is done.",
            "doesNotRequireReply": True,
            "outcomes": [{"id": "x", "targetNodeId": "end_ok", "condition": ""}],
        },
        {
            "id": "bye_no",
            "type": "conversation",
            "prompt": "Say politely that the check could not be completed.",
            "doesNotRequireReply": True,
            "outcomes": [{"id": "y", "targetNodeId": "end_no", "condition": ""}],
        },
        {"id": "end_ok", "type": "end"},
        {"id": "end_no", "type": "end"},
    ],
}
"""The create call of the contract's appendix B."""
