"""The published document: valid, complete, and true to the operations."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from rtc_server.api.checks import named, reply, text
from rtc_server.api.openapi import hoist, openapi_document
from rtc_server.api.reference import document
from rtc_server.api.routes import OPERATIONS, forgiving
from tests.api.conftest import FLOW, Edge

DOCUMENT: dict[str, Any] = json.loads(document(OPERATIONS, "https://verify.example.org"))
VENDOR_IDS = {"createSession", "listSessions", "getSession", "createClientSecret", "getLangs", "getAvatars"}


def rows() -> dict[str, Any]:
    return {row["operationId"]: row for path in DOCUMENT["paths"].values() for row in path.values()}


def test_it_is_valid_openapi() -> None:
    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(DOCUMENT)] == []


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_schema_is_valid_json_schema(name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(schema)


def test_every_reference_leads_somewhere() -> None:
    for reference in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(DOCUMENT))):
        place: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_every_operation_is_there_once() -> None:
    ids = [operation.operation_id for operation in OPERATIONS]
    assert sorted(rows()) == sorted(ids)
    assert set(ids) >= VENDOR_IDS
    assert len({(operation.method, forgiving(operation.path)) for operation in OPERATIONS}) == len(ids)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.operation_id)
def test_every_operation_is_told_in_full(operation: Any) -> None:
    row = rows()[operation.operation_id]
    assert re.fullmatch(r"[A-Z].{3,70}[^.]", row["summary"])
    assert row["tags"] == [operation.tag]
    assert operation.scope in row.get("description", "")
    assert set(row["responses"]) == {str(status) for status in (*operation.responses, *operation.failures)}
    assert bool(row["security"]) is (operation.security != "none")
    for status, answer in row["responses"].items():
        if int(status) >= 400:
            schema = answer["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Error"}
        assert "X-Request-Id" in answer["headers"]


async def test_it_is_served_to_anybody(edge: Edge) -> None:
    response = await edge.client.get("/openapi.json")
    assert response.status == 200
    assert response.content_type == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    served = await response.json()
    assert served["paths"].keys() == DOCUMENT["paths"].keys()
    assert served["servers"] == [{"url": "https://verify.example.org"}]


async def test_replies_keep_to_it(edge: Edge) -> None:
    created = await edge.create(metadata={"a": 1})
    schema = rows()["createSession"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema_rs.Draft202012Validator(schema | {"components": DOCUMENT["components"]}).validate(created)
    refused = await (await edge.call("POST", "/sessions", json={"flow": FLOW[1:]})).json()
    error = {"$ref": "#/components/schemas/Error", "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(error).validate(refused)


def test_two_schemas_of_one_name_are_a_mistake() -> None:
    components: dict[str, Any] = {}
    assert hoist(named("A", text(1)).json_schema(), components) == {"$ref": "#/components/schemas/A"}
    hoist(named("A", text(1)).json_schema(), components)
    with pytest.raises(ValueError, match="A"):
        hoist(named("A", text(2)).json_schema(), components)


def test_a_property_may_be_called_title() -> None:
    schema = reply({"title": text(5), "inner": named("Inner", reply({"title": text(5)}))}).json_schema()
    components: dict[str, Any] = {}
    properties = hoist(schema, components)["properties"]
    assert properties["title"] == {"type": "string", "maxLength": 5}
    assert properties["inner"] == {"$ref": "#/components/schemas/Inner"}
    assert set(components["Inner"]["properties"]) == {"title"}


def test_an_empty_api_is_a_document_too() -> None:
    assert list(OPENAPI_31_VALIDATOR.iter_errors(openapi_document((), "1"))) == []
