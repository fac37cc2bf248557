"""What the settings make of the outside: where visitors are, and a file that cannot tell."""

from pathlib import Path
from typing import Any, cast

import pytest

from rtc_server.services import build_services
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.storage.ports import MailboxStore
from tests.fakes.maxmind import location_database

NO_MAILBOX = cast(MailboxStore, None)


def build(**settings: Any) -> Any:
    return build_services(Settings(**settings), b"k" * 32, NO_MAILBOX, lambda: 0)


async def test_without_a_file_nobody_is_anywhere() -> None:
    outside = build()
    assert outside.services.locate("198.51.100.7") is None
    await outside.close()


async def test_a_location_database_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "city.mmdb"
    file.write_bytes(location_database({"198.51.100.0/24": {"country": {"iso_code": "ES"}}}))
    outside = build(geoip_database=str(file))
    assert outside.services.locate("198.51.100.7") == {"country": {"isoCode": "ES"}}
    await outside.close()


@pytest.mark.parametrize("content", [None, b"not a database"])
async def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "city.mmdb"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"VISAVIS_GEOIP_DATABASE.*city\.mmdb"):
        build(geoip_database=str(file))
