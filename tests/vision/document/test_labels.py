"""Labels in many languages, in spite of misread letters."""

import pytest

from vision.document.labels import Label, Labels

LABELS = Labels()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Surname / Nom", "lastName"), ("Name/Surname/Nom", "lastName"), ("Surnarne", "lastName"),
        ("(1) Surname / Nom", "lastName"),
        ("Apellidos", "lastName"), ("Nachname", "lastName"), ("Фамилия / Surname", "lastName"), ("Επώνυμο", "lastName"),
        ("Given names/Prénoms", "firstName"), ("Vornamen / Given names / Prénoms", "firstName"), ("Имя", "firstName"),
        ("Date of birth / Date de naissance", "dateOfBirth"), ("Dale of birth", "dateOfBirth"),
        ("Geburtsdatum", "dateOfBirth"),
        ("Date of expiry / Date d'expiration", "dateOfExpiry"), ("Gültig bis", "dateOfExpiry"), ("EXP", "dateOfExpiry"),
        ("Passport No. / Passeport No.", "documentNumber"), ("Document No", "documentNumber"),
        ("4d DLN", "documentNumber"),
        ("Sex / Sexe / Sexo", "sex"), ("Nationality/Staatsangehörigkeit", "nationality"), ("Пол", "sex"),
        ("Place of birth / Lieu de naissance", "placeOfBirth"), ("Authority / Autorité", "issuingAuthority"),
        ("Signature of bearer", "ignored"), ("Type / Type", "ignored"),
    ],
)  # fmt: skip
def test_a_line_that_is_all_label(text: str, field: str) -> None:
    assert LABELS.find(text, "aamva" if text.startswith("4d") else "none") == Label(field, "")


@pytest.mark.parametrize(
    ("text", "field", "rest"),
    [
        ("Surname: ERIKSSON", "lastName", "ERIKSSON"), ("DOB 08/12/1974", "dateOfBirth", "08/12/1974"),
        ("Date of birth 12 AUG 1974", "dateOfBirth", "12 AUG 1974"), ("Sex F", "sex", "F"),
        ("Date of birth / Date de naissance 12 AUG 1974", "dateOfBirth", "12 AUG 1974"),
        ("Surname / Sloinne", "lastName", ""),
    ],
)  # fmt: skip
def test_a_label_with_its_value(text: str, field: str, rest: str) -> None:
    assert LABELS.find(text) == Label(field, rest)


@pytest.mark.parametrize("text", ["ERIKSSON", "ANNA MARIA", "12 AUG 1974", "L898902C3", "", "1", "ZENITH", "UTOPIA"])
def test_a_value_is_no_label(text: str) -> None:
    assert LABELS.find(text) is None


def test_the_numbers_of_driving_licences() -> None:
    assert LABELS.find("1. MUSTERMANN", "eu") == Label("lastName", "MUSTERMANN")
    assert LABELS.find("4b. 31.01.2035", "eu") == Label("dateOfExpiry", "31.01.2035")
    assert LABELS.find("5. B072RRE2I55", "eu") == Label("documentNumber", "B072RRE2I55")
    assert LABELS.find("4d DLN T64235789", "aamva") == Label("documentNumber", "T64235789")
    assert LABELS.find("5 DD 0012345", "aamva") == Label("documentAdditionalNumber", "0012345")
    assert LABELS.find("1. MUSTERMANN") is None
    assert LABELS.find("12 HARBOUR ROAD", "none") is None
