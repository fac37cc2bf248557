"""E-mail addresses, written or spoken: "sam dot carter at gmail dot com"."""

import re
from dataclasses import dataclass

from conversation.text.digits import digit_runs
from conversation.text.normalise import MAXIMUM_CHARACTERS, word_set

_SYMBOLS = {
    "@": ("at sign", "at-sign", "klammeraffe", "chiocciola", "arroba", "arobase", "at", "ät"),
    "_": ("guion bajo", "guión bajo", "tiret bas", "under score", "underscore", "unterstrich", "trattino basso"),
    "-": ("hyphen", "dash", "minus", "guion", "guión", "tiret", "bindestrich", "trattino", "hífen"),
    "+": ("plus", "más", "più"),
    ".": ("full stop", "dot", "point", "punto", "punkt", "ponto", "period"),
}
_SPOKEN_SYMBOL = {spoken: symbol for symbol, listed in _SYMBOLS.items() for spoken in listed}
_TOKEN = re.compile(
    "|".join(rf"\b{re.escape(spoken)}\b" for spoken in sorted(_SPOKEN_SYMBOL, key=len, reverse=True))
    + r"|[^\W_]+(?:['’][^\W_]+)*|[@._+-]",
    re.IGNORECASE,
)
_BEFORE_ADDRESS = word_set(
    "is it's its it be my the a use to address email e mail mails me on for that's that yes yeah sure um uh so ok "
    "okay "
    "and or please contact write reach es mi correo est c'est mon adresse ist meine lautet die sí oui ja mio è meu "
    "electrónico dirección emailadresse mailadresse no wait sorry com org net im i'm under called would not just "
    "actually well"
)
_PROVIDERS = re.compile(
    r"\b(?:g ?mail|hotmail|outlook|yahoo|icloud|proton ?mail|gmx|web\.de|aol|live|msn)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")
_MAXIMUM_LOCAL_TOKENS = 16


@dataclass(frozen=True, slots=True)
class EmailReading:
    """What a reply tells of an e-mail address."""

    address: str | None
    """Lower case, complete, or None."""
    quote: str
    """The words that said it."""
    partial: bool
    """Something of an address was said, but not all of it."""


def read_email(text: str) -> EmailReading:
    """Find the last complete address of a reply, or tell that only part of one was said."""
    text = text[:MAXIMUM_CHARACTERS]
    tokens = [(_symbol(found.group()), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    ats = [index for index, token in enumerate(tokens) if token[0] == "@"]
    for at in reversed(ats):
        reading = _around(text, tokens, at)
        if reading:
            return reading
    spoken = [token[0] for token in tokens]
    local_then_at = any(at > 0 and _names_mailbox(spoken, at) for at in ats)
    dotted = re.search(r"\w\s+(?:dot|punto|punkt|ponto|underscore|guion bajo|tiret bas|unterstrich)\s+\w", text, re.I)
    partial = bool(local_then_at or dotted or "@" in text or _PROVIDERS.search(text))
    return EmailReading(None, text.strip() if partial else "", partial)


def email_address(text: str) -> str | None:
    """Return the complete e-mail address of a reply, or None."""
    return read_email(text).address


def _symbol(token: str) -> str:
    token = token.lower()
    return _SPOKEN_SYMBOL.get(token, token)


def _names_mailbox(spoken: list[str], at: int) -> bool:
    """Tell "sam dot carter at" and a reply that ends in "at" from the preposition in "I am at home"."""
    return at >= 2 and (spoken[at - 2] in (".", "_", "-", "+") or at == len(spoken) - 1)


def _around(text: str, tokens: list[tuple[str, int, int]], at: int) -> EmailReading | None:
    local, first = _local_part(text, tokens, at)
    domain, last = _domain(tokens, at)
    address = f"{local}@{domain}"
    if not local or not _ADDRESS.fullmatch(address) or ".." in address:
        return None
    return EmailReading(address, text[tokens[first][1] : tokens[last][2]], partial=False)


def _local_part(text: str, tokens: list[tuple[str, int, int]], at: int) -> tuple[str, int]:
    """Walk back from the at sign to the words that lead in, and join what is between."""
    first = at
    while first > 0 and at - first < _MAXIMUM_LOCAL_TOKENS:
        token = tokens[first - 1][0]
        symbol = token in "._+-"
        joined = first < at and tokens[first][0] in "._+-"
        gap = tokens[first][1] - tokens[first - 1][2]
        if token == "@":
            break
        if text[tokens[first - 1][1]] == "." and gap > 0 and len(tokens[first][0]) > 1:
            break  # a written full stop ends the sentence before; a spoken "dot" belongs to the address
        spelling = len(token) == 1 and len(tokens[first][0]) == 1
        if not symbol and token in _BEFORE_ADDRESS and not joined and gap > 0 and not spelling:
            break
        first -= 1
    while first < at and tokens[first][0] in ".-_+":
        first += 1
    return _joined([token[0] for token in tokens[first:at]]), first


def _domain(tokens: list[tuple[str, int, int]], at: int) -> tuple[str, int]:
    """Read labels after the at sign; the name may be several words, every part after a dot is one."""
    labels: list[str] = [""]
    last = at
    for index in range(at + 1, len(tokens)):
        token = tokens[index][0]
        if token == ".":
            if not labels[-1]:
                break
            labels.append("")
        elif token in "@_+":
            break
        elif len(labels) > 1 and labels[-1] and not labels[-1].endswith("-") and token != "-":
            if len(labels[-1]) > 1 or len(token) > 1:
                break
            labels[-1] += token
        else:
            labels[-1] += _ascii(token)
        last = index if labels[-1] else last
    return ".".join(label for label in labels if label), last


def _joined(parts: list[str]) -> str:
    """Join the parts of a mailbox name; hyphens between spelled letters and the words of digits disappear."""
    spelled = all(len(part) == 1 for part in parts) and parts.count("-") >= 2
    pieces = re.split(r"([._+-])", " ".join(part for part in parts if not (spelled and part == "-")))
    return "".join(_ascii(_with_digits(piece)).replace(" ", "") for piece in pieces).strip(".")


def _with_digits(words: str) -> str:
    masked = re.sub(r"\bo\b", "x", words)  # a spelled letter, not a zero
    for run in reversed(digit_runs(masked)):
        words = words[: run.start] + run.digits + words[run.end :]
    return re.sub(r"\b(?:double|triple)\b", "", words)


def _ascii(part: str) -> str:
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("é", "e"), ("è", "e"), ("á", "a"),
                          ("í", "i"), ("ó", "o"), ("ú", "u"), ("ñ", "n"), ("ç", "c"), ("'", "")):  # fmt: skip
        part = part.replace(letter, plain)
    return part
