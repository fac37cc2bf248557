"""docs/api.md says what the code does."""

import json
import re

from rtc_server.api.routes import OPERATIONS
from tests.api.conftest import Edge
from tests.conftest import REPOSITORY

API_DOC = (REPOSITORY / "docs" / "api.md").read_text()
PROTOCOL_DOC = (REPOSITORY / "docs" / "protocol.md").read_text()


async def test_the_example_is_accepted_as_it_stands(edge: Edge) -> None:
    (body,) = re.findall(r"-d '(\{.*?\})'\n```", API_DOC, re.DOTALL)
    data = await edge.create(**json.loads(body))
    assert "warnings" not in data
    assert data["session"]["settings"]["clientReferenceId"] == "order-77"


def test_every_operation_has_its_row_and_every_row_its_operation() -> None:
    documented = set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", API_DOC, re.MULTILINE))
    operations = {
        f"{operation.method} {re.sub(r'{[a-z_]+_id}', '{id}', operation.path)}": operation for operation in OPERATIONS
    }
    of_page = {row for row, operation in operations.items() if operation.security == "client_secret"}
    assert documented - {"GET /healthz", "GET /readyz"} == set(operations) - of_page
    assert [row for row in of_page if f"`{row}`" not in PROTOCOL_DOC] == []
    for row, operation in operations.items():
        if f"| `{row}` | `" in API_DOC:
            assert f"| `{row}` | `{operation.scope}` |" in API_DOC


def test_every_error_code_is_described() -> None:
    source = "".join(path.read_text() for path in (REPOSITORY / "rtc_server" / "api").rglob("*.py"))
    codes = set(re.findall(r'(?:ApiError\(\s*\d+, |Problem\([^"]*?, |401, |410, )"([a-z_]+)"', source))
    assert {"invalid_json", "unknown_field", "client_secret_expired", "invalid_sdp"} <= codes
    assert {code for code in codes if f"`{code}`" not in API_DOC} == set()
