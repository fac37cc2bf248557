"""Whether a person says that they have no document at hand. Only asked where a document was asked for: elsewhere
"I don't have it with me" means another thing."""

import re

from conversation.text.normalise import normalise

_DOCUMENT = (
    r"(?:passports?|documents?|papers|licen[cs]e|identification|id(?: card)?|card|pasaporte|documentos?|dni|carn[eé]t?|"
    r"licencia|tarjeta|passeport|pièce d'identité|carte(?: d'identité)?|permis|pass|reisepass|ausweis|personalausweis|"
    r"führerschein|dokumente?|papiere)"
)
_LACKING = re.compile(
    r"\b(?:(?:have|got|with) (?:no|none|neither)|"
    r"(?:don't|do not|haven't|have not|didn't|did not) (?:have|got|bring|own)|"
    r"(?:left|forgot|lost|can't find|cannot find)|no (?:tengo|llevo|traigo|encuentro)|"
    r"(?:n'ai|ne trouve)(?: pas| plus)?|"
    r"(?:habe|finde) (?:kein\w*|mein\w*(?= .* nicht)))"
    rf" (?:[\w']+ ){{0,3}}?{_DOCUMENT}(?!\w)"
)
_WITHOUT_NAMING_IT = re.compile(
    r"\b(?:(?:don't have|do not have|haven't got|have not got|didn't bring|left) (?:it|one|any)|(?:have|got) none|"
    r"no (?:lo|la) (?:tengo|llevo|traigo|encuentro)|(?:ne )?l'ai pas|(?:n'en|en) ai pas|"
    r"(?:habe|finde) (?:ich )?(?:ihn |keinen |keins )?(?:gerade )?nicht(?: dabei)?$|habe (?:ich )?kein\w* dabei)(?!\w)"
)


def has_no_document(text: str) -> bool:
    """Return whether a reply to "Please show me your document" says that there is none at hand."""
    said = normalise(text)
    return _LACKING.search(said) is not None or _WITHOUT_NAMING_IT.search(said) is not None
