"""Names in their field."""

import pytest

from vision.document.mrz.names import Names, join_names, split_names


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("ERIKSSON<<ANNA<MARIA<<<<", Names("ERIKSSON", "ANNA MARIA", False)),
        ("VAN<DER<BERG<<P<<<", Names("VAN DER BERG", "P", False)),
        ("ARKFREITH<<<<<<", Names("ARKFREITH", "", False)),
        ("BENNELONG<WOOLOO<<DINGO<P", Names("BENNELONG WOOLOO", "DINGO P", True)),
        ("<<<<", Names("", "", False)),
    ],
)
def test_identifiers(field: str, names: Names) -> None:
    assert split_names(field) == names


def test_a_long_primary_identifier_leaves_room_for_an_initial() -> None:
    field = join_names("NILAVADHANANANDA", "CHAYAPA", 12)
    assert field == "NILAVADHA<<C"
    assert split_names(field) == Names("NILAVADHA", "C", True)


def test_hyphens_are_spaces() -> None:
    assert join_names("NUNEZ-PENA", "", 14) == "NUNEZ<PENA<<<<"
