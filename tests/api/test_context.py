"""Settings of the HTTP edge that cannot work are refused at start."""

import dataclasses
from typing import Any

import pytest

from rtc_server.api.context import CONTEXT
from tests.api.conftest import Edge


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"server_key": b"hush"}, "server key has 4 bytes"),
        ({"default_avatar_id": "nobody"}, "no avatar 'nobody': choose one of ava"),
        ({"frame_ancestors": ""}, "frame_ancestors"),
        ({"frame_ancestors": "*; script-src *"}, "frame_ancestors"),
        ({"frame_ancestors": "*\r\nX-Evil: 1"}, "frame_ancestors"),
    ],
)
async def test_a_setting_that_cannot_work_is_named(edge: Edge, change: dict[str, Any], says: str) -> None:
    context = edge.client.app[CONTEXT]
    with pytest.raises(ValueError, match=says) as refused:
        dataclasses.replace(context, **change)
    assert "hush" not in str(refused.value)


async def test_the_server_key_is_not_printed(edge: Edge) -> None:
    assert "kkkk" not in repr(edge.client.app[CONTEXT])
