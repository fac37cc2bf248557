"""What documents print before or above their values, in the languages that are commonest (pure).

A label is found in spite of misread letters, and where two languages share a line (``Surname / Nom``). The numbers of
driving licences (Directive 2006/126/EC annex I; AAMVA DL/ID Card Design Standard annex A) are labels too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from vision.document.writing import plain

Numbering = Literal["none", "eu", "aamva"]
"""Whose numbers a driving licence prints before its values."""

_LABELS: Mapping[str, str] = {
    "lastName": "surname; last name; family name; nom; apellidos; primer apellido; nachname; familienname; cognome; "
    "apelido; apelidos; achternaam; nazwisko; prijmeni; prezime; soyadi; efternavn; efternamn; sukunimi; nume; "
    "фамилия; прізвище; презиме; επωνυμο; ln",
    "firstName": "given names; given name; first name; first names; forenames; prenoms; prenom; nombre; nombres; "
    "vorname; vornamen; nome; nomi; nomes; voornamen; imiona; imie; jmeno; ime; adi; fornavn; fornamn; etunimet; "
    "prenume; имя; имя отчество; име; όνομα; fn",
    "name": "name",
    "fullName": "full name; name in full; nom et prenoms; name and surname",
    "dateOfBirth": "date of birth; birth date; born; date de naissance; ne le; fecha de nacimiento; geburtsdatum; "
    "geburtstag; geboren am; data di nascita; nato il; data de nascimento; geboortedatum; data urodzenia; "
    "datum narozeni; datum rodenja; dogum tarihi; fodselsdato; fodelsedatum; data nasterii; дата рождения; "
    "дата народження; датум рођења; ημερομηνια γεννησης; dob",
    "dateOfExpiry": "date of expiry; expiry date; expiration date; expires; expiry; valid until; valid thru; "
    "date d'expiration; valable jusqu'au; fecha de caducidad; fecha de expiracion; valido hasta; validez; "
    "gultig bis; data di scadenza; scadenza; data de validade; validade; geldig tot; data waznosci; "
    "platnost do; datum isteka; son gecerlilik tarihi; gyldig til; sista giltighetsdag; data expirarii; "
    "срок действия; дата окончания срока действия; дата закінчення строку дії; ημερομηνια ληξης; exp; "
    "card expires",
    "dateOfIssue": "date of issue; issue date; issued; issued on; date de delivrance; fecha de expedicion; "
    "fecha de emision; ausstellungsdatum; ausgestellt am; data di rilascio; data de emissao; datum van afgifte; "
    "data wydania; datum vydani; datum izdavanja; verilis tarihi; utstedt dato; data emiterii; дата выдачи; "
    "дата видачі; ημερομηνια εκδοσης; iss",
    "documentNumber": "document no; document number; passport no; passport number; card no; card number; id no; "
    "id number; identity card no; licence no; license no; licence number; license number; driver license no; "
    "no du document; passeport no; numero de document; numero de documento; num soport; pasaporte no; "
    "dokumentennummer; ausweisnummer; reisepass nr; pass nr; numero documento; passaporto n; documentnummer; "
    "nr dokumentu; cislo dokladu; broj isprave; belge no; pasaport no; номер паспорта; паспорт no; "
    "αριθμος; dln; dl; dl no; visa no; visa number",
    "nationality": "nationality; nationalite; nacionalidad; staatsangehorigkeit; cittadinanza; nazionalita; "
    "nacionalidade; nationaliteit; obywatelstwo; statni obcanstvi; drzavljanstvo; uyrugu; nasjonalitet; "
    "cetatenie; citizenship; гражданство; громадянство; ιθαγενεια; υπηκοοτητα",
    "sex": "sex; gender; sexe; sexo; geschlecht; sesso; geslacht; plec; pohlavi; spol; cinsiyeti; kjonn; kon; "
    "пол; стать; φυλο",
    "placeOfBirth": "place of birth; birth place; birthplace; lieu de naissance; lugar de nacimiento; geburtsort; "
    "luogo di nascita; local de nascimento; naturalidade; geboorteplaats; miejsce urodzenia; misto narozeni; "
    "mjesto rodenja; dogum yeri; fodested; fodelseort; locul nasterii; место рождения; місце народження; "
    "τοπος γεννησης",
    "issuingAuthority": "authority; issuing authority; issued by; autorite; autorite de delivrance; autoridad; "
    "behorde; ausstellende behorde; autorita; autoridade; autoriteit; organ wydajacy; vydal; izdao; "
    "veren makam; myndighet; autoritatea; орган выдачи; кем выдан; орган, що видав; εκδουσα αρχη; iss auth",
    "address": "address; adresse; domicile; domicilio; direccion; anschrift; wohnort; indirizzo; residenza; morada; "
    "adres; prebivaliste; adresa; место жительства; διευθυνση",
    "personalIdNumber": "personal no; personal number; personal id no; identity no; national id no; "
    "numero personal; personalnummer; rodne cislo; pesel; oib; tc kimlik no; cnp; codice fiscale; "
    "личный номер; numero de identidad; idesp; dni",
    "ignored": "type; code; country code; code of issuing state; height; taille; groesse; augenfarbe; "
    "colour of eyes; eye color; eyes; hair; weight; class; restrictions; endorsements; end; rest; signature; "
    "signature of bearer; holder's signature; unterschrift; signature du titulaire; firma; hgt; wgt; dd; donor; "
    "pays; issuing state; entries; duration of stay; remarks; number of entries",
}  # fmt: skip
_NUMBERS: Mapping[Numbering, Mapping[str, str]] = {
    "none": {},
    "eu": {
        "1": "lastName", "2": "firstName", "3": "dateOfBirth", "4a": "dateOfIssue", "4b": "dateOfExpiry",
        "4c": "issuingAuthority", "4d": "documentAdditionalNumber", "5": "documentNumber", "7": "ignored",
        "8": "address", "9": "vehicleClass", "12": "restrictions",
    },
    "aamva": {
        "1": "lastName", "2": "firstName", "3": "dateOfBirth", "4a": "dateOfIssue", "4b": "dateOfExpiry",
        "4d": "documentNumber", "5": "documentAdditionalNumber", "8": "address", "9": "vehicleClass",
        "9a": "endorsements", "12": "restrictions", "15": "sex", "16": "ignored", "17": "ignored", "18": "ignored",
        "19": "ignored",
    },
}  # fmt: skip
_NUMBER = re.compile(r"^\s*\(?(\d{1,2}(?:\s?[a-d](?![^\W\d_]))?)(?:\s?[.,:)]+\s*|\s+|$)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[^\w/|•·']+")
_SURE = 86.0
"""Least likeness to a label, of 100: one letter in eight misread."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line."""

    field: str
    """A name of the contract; ``name`` for one that means the surname or the whole name, ``ignored`` for a label of
    something that is not kept."""
    rest: str
    """What follows it on the line; empty when the value stands elsewhere."""


class Labels:
    """The labels of every language, ready for comparison."""

    def __init__(self) -> None:
        self._exact = {_clean(label): field for field, text in _LABELS.items() for label in text.split(";")}
        self._long = {label: field for label, field in self._exact.items() if len(label) >= 5}
        self._words_limit = max(label.count(" ") + 1 for label in self._exact)

    def find(self, text: str, numbering: Numbering = "none") -> Label | None:
        """The label with which a line begins; None when it begins with none."""
        number = _NUMBER.match(text)
        field = _NUMBERS[numbering].get(number[1].replace(" ", "").lower()) if number else None
        body = text[number.end() :] if number and (field or _separated(number[0])) else text
        worded = self._worded(body)
        if field is None or (worded is not None and worded.field == field):
            return worded
        return Label(field, worded.rest if worded else body.strip(" .:"))

    def _worded(self, text: str) -> Label | None:
        """By words: the longest beginning that is a label; of ``Surname / Nom`` every language."""
        words = text.split()
        for count in range(min(len(words), 2 * self._words_limit), 0, -1):
            field = self._field(" ".join(words[:count]))
            if field is None:
                continue
            after = " ".join(words[count:])
            rest = after.strip(" .:/|•·-")
            worded = not any(one.isdigit() for one in rest)
            further = self._worded(rest) if rest and worded else None
            if further is not None and further.field == field:
                return further
            another_language = worded and (after[:1] in "/|•·" or words[count - 1][-1] in "/|•·")
            return Label(field, "" if another_language else rest)
        return None

    def _field(self, text: str) -> str | None:
        """What a text is a label of, when all of it is one, in one language or in several."""
        parts = [part for part in (_clean(one) for one in re.split(r"[/|•·]", text)) if part]
        fields = [self._one(part) for part in parts]
        known = {field for field in fields if field is not None}
        if len(known) == 2:
            known.discard("name")
        return known.pop() if len(known) == 1 and None not in fields else None

    def _one(self, text: str) -> str | None:
        exact = self._exact.get(text)
        if exact is not None or len(text) < 5 or any(one.isdigit() for one in text):
            return exact
        best = max(self._long, key=lambda label: fuzz.ratio(text, label))
        return self._long[best] if fuzz.ratio(text, best) >= _SURE else None


def _clean(text: str) -> str:
    """Words without marks; ``rn`` and ``m``, which readers of small print confuse most, are the same."""
    return " ".join(_PUNCTUATION.sub(" ", plain(text)).replace("'", " ").replace("RN", "M").split())


def _separated(number: str) -> bool:
    return number.rstrip()[-1:] in (".", ")", ":")
