"""Ids."""

import re

from rtc_server.crypto.ids import new_id


def test_ids_are_alphanumeric_and_differ() -> None:
    ids = {new_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9]{20}", each) for each in ids)


def test_ids_use_every_letter_and_digit() -> None:
    assert len(set("".join(new_id() for _ in range(500)))) == 62


def test_a_prefix_stands_first() -> None:
    assert re.fullmatch(r"evt_[A-Za-z0-9]{20}", new_id("evt_"))
