"""Where an address is: a real MaxMind file, read by the real reader; bad files are named."""

import json
from pathlib import Path

import pytest

from rtc_server.session.location import LocationDatabase, LocationError
from tests.fakes.maxmind import location_database

RECORD = {
    "country": {"iso_code": "ES", "is_in_european_union": True, "geoname_id": 2510769, "names": {"en": "Spain"}},
    "registered_country": {"iso_code": "ES", "geoname_id": 2510769, "names": {"en": "Spain", "pt-BR": "Espanha"}},
    "subdivisions": [{"iso_code": "CT", "geoname_id": 3336901, "names": {"en": "Catalonia"}}],
    "location": {"latitude": 41.4, "longitude": 2.2, "time_zone": "Europe/Madrid", "accuracy_radius": 20},
    "traits": {"ip_address": "198.51.100.7", "network": "198.51.100.0/24", "is_anonymous_vpn": False},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "city.mmdb"
    file.write_bytes(location_database({"198.51.100.0/24": RECORD, "203.0.113.128/25": {"country": {}}}))
    return file


def test_an_address_is_placed_in_the_contracts_words(file: Path) -> None:
    found = LocationDatabase(file).locate("198.51.100.7")
    assert found == {
        "country": {"isoCode": "ES", "isInEuropeanUnion": True, "geonameId": 2510769, "names": {"en": "Spain"}},
        "registeredCountry": {"isoCode": "ES", "geonameId": 2510769, "names": {"en": "Spain", "pt-BR": "Espanha"}},
        "subdivisions": [{"isoCode": "CT", "geonameId": 3336901, "names": {"en": "Catalonia"}}],
        "location": {"latitude": 41.4, "longitude": 2.2, "timeZone": "Europe/Madrid", "accuracyRadius": 20},
        "traits": {"isAnonymousVpn": False},
    }
    assert "198.51.100" not in json.dumps(found), "the address is not kept"


def test_an_ipv4_address_in_ipv6_clothes_is_the_same(file: Path) -> None:
    database = LocationDatabase(file)
    assert database.locate("::ffff:198.51.100.7") == database.locate("198.51.100.7")


@pytest.mark.parametrize(
    "address", ["203.0.113.1", "127.0.0.1", "2001:db8::1", "", "not an address", "198.51.100.7:80"]
)
def test_an_unknown_address_is_nowhere(file: Path, address: str) -> None:
    assert LocationDatabase(file).locate(address) is None


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocationError, match=r"no\.mmdb cannot be read"):
        LocationDatabase(tmp_path / "no.mmdb")


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"\xab\xcd\xefMaxMind.com", b"\0" * 4_000])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "damaged.mmdb"
    file.write_bytes(content)
    with pytest.raises(LocationError, match=r"damaged\.mmdb is no MaxMind database"):
        LocationDatabase(file)


def test_a_file_that_was_cut_is_no_crash(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    for length in range(len(whole) - 1, 0, -61):
        cut = tmp_path / "cut.mmdb"
        cut.write_bytes(whole[len(whole) - length :])
        try:
            LocationDatabase(cut).locate("198.51.100.7")
        except LocationError:
            continue
