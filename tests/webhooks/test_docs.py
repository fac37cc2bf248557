"""The code in docs/webhooks.md does what it says."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rtc_server.webhooks.schedule import DELAYS
from rtc_server.webhooks.signing import secret_text, signature_headers
from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET, FORMER, FOREIGN = (secret_text(key * 32) for key in (b"s", b"f", b"x"))
BODY = '{"id":"evt_1","name":"Zoë"}'.encode()


def snippet(language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(code)


def cases() -> list[tuple[str, dict[str, str], bytes, bool]]:
    """(secret, headers, body, whether it holds)."""
    now = int(time.time())
    fresh = signature_headers([SECRET, FORMER], "sha256_hex", "evt_1", now, BODY)
    old = signature_headers([SECRET], "sha256_hex", "evt_1", now - 301, BODY)
    return [
        (SECRET, fresh, BODY, True),
        (FORMER, fresh, BODY, True),
        (FOREIGN, fresh, BODY, False),
        (SECRET, fresh, BODY + b" ", False),
        (SECRET, old, BODY, False),
    ]


def test_the_python_code_checks_signatures() -> None:
    names: dict[str, Any] = {}
    exec(snippet("python"), names)
    verify: Callable[[str, dict[str, str], bytes], bool] = names["verify"]
    for secret, headers, body, holds in cases():
        assert verify(secret, headers, body) == holds


def test_the_node_code_checks_signatures(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    told = [[secret, headers, body.decode()] for secret, headers, body, _ in cases()]
    program = f"""{snippet("js")}
    const cases = {json.dumps(told)}
    console.log(JSON.stringify(cases.map(([secret, headers, body]) => verify(secret, headers, Buffer.from(body)))))
    """
    file = tmp_path / "verify.mjs"
    file.write_text(program, encoding="utf-8")
    done = subprocess.run(["node", file], capture_output=True, text=True, timeout=20, check=True)
    assert json.loads(done.stdout) == [holds for *_, holds in cases()]


def test_the_schedule_is_the_documented_one() -> None:
    told = re.search(r"at once, then after (.*?), each up to a\s+tenth", TEXT, re.DOTALL)
    assert told is not None
    unit = {"s": 1, "min": 60, "h": 3600}
    delays = [int(number) * unit[name] for number, name in re.findall(r"(\d+)\s(s|min|h)\b", told[1])]
    assert tuple(delays) == DELAYS
    assert f"{sum(DELAYS) / 3600:.0f} hours in all" in " ".join(TEXT.split())
