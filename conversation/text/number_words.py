"""Number words of six languages, as tables.

Own tables, not a library: the numbers of a reply are small, the words of all six languages are wanted at once (a reply
may be in another language than the flow), and the place of each number in the text is needed for the evidence.
"""

import re
from enum import Enum


class Role(Enum):
    """What a number word does in a number."""

    DIGIT = "digit"
    """One to nine."""
    TEEN = "teen"
    """Ten to nineteen, and Spanish or German words for 21 to 99 in one piece: nothing may follow them."""
    TENS = "tens"
    """Twenty, thirty …: a digit may follow."""
    HUNDREDS = "hundreds"
    """Spanish and Portuguese words for 200 to 900."""
    HUNDRED = "hundred"
    THOUSAND = "thousand"
    MILLION = "million"
    ZERO = "zero"


def _series(listed: str, first: int, role: Role, step: int = 1) -> dict[str, tuple[int, Role]]:
    """Number the entries of a space-separated list; alternatives stand behind slashes."""
    table = {}
    for position, entry in enumerate(listed.split()):
        for word in entry.split("/"):
            table[word] = (first + position * step, role)
    return table


_TENS, _TEEN, _DIGIT = Role.TENS, Role.TEEN, Role.DIGIT
_HUNDREDS_ES = "doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas"
NUMBER_WORDS: dict[str, dict[str, tuple[int, Role]]] = {
    "en": {
        **_series("one two three four five six seven eight nine", 1, _DIGIT),
        **_series(
            "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10, _TEEN
        ),
        **_series("twenty thirty forty/fourty fifty sixty seventy eighty ninety", 20, _TENS, 10),
        "zero": (0, Role.ZERO), "nought": (0, Role.ZERO), "nil": (0, Role.ZERO),
        "dozen": (12, _TEEN),
        "hundred": (100, Role.HUNDRED), "hundreds": (100, Role.HUNDRED),
        "thousand": (1000, Role.THOUSAND), "grand": (1000, Role.THOUSAND), "k": (1000, Role.THOUSAND),
        "million": (10**6, Role.MILLION),
    },
    "es": {
        **_series("un/uno/una dos tres cuatro cinco seis siete ocho nueve", 1, _DIGIT),
        **_series("diez once doce trece catorce quince dieciséis/dieciseis diecisiete dieciocho "
                  "diecinueve", 10, _TEEN),
        **_series("veintiuno/veintiún/veintiun/veintiuna veintidós/veintidos veintitrés/veintitres veinticuatro "
                  "veinticinco veintiséis/veintiseis veintisiete veintiocho veintinueve", 21, _TEEN),
        **_series("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", 20, _TENS, 10),
        **_series(_HUNDREDS_ES + " seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas "
                  "novecientos/novecientas", 200, Role.HUNDREDS, 100),
        "cero": (0, Role.ZERO), "cien": (100, Role.HUNDRED), "ciento": (100, Role.HUNDRED),
        "mil": (1000, Role.THOUSAND), "millón": (10**6, Role.MILLION), "millones": (10**6, Role.MILLION),
    },
    "fr": {
        **_series("un/une deux trois quatre cinq six sept huit neuf", 1, _DIGIT),
        **_series("dix onze douze treize quatorze quinze seize", 10, _TEEN),
        **_series("vingt/vingts trente quarante cinquante soixante septante octante/huitante nonante", 20, _TENS, 10),
        "zéro": (0, Role.ZERO), "zero": (0, Role.ZERO), "cent": (100, Role.HUNDRED), "cents": (100, Role.HUNDRED),
        "mille": (1000, Role.THOUSAND), "million": (10**6, Role.MILLION), "millions": (10**6, Role.MILLION),
    },
    "de": {
        **_series("eins/ein/eine zwei/zwo drei vier fünf/fuenf sechs sieben acht neun", 1, _DIGIT),
        **_series("zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn",
                  10, _TEEN),
        **_series("zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig", 20, _TENS, 10),
        "null": (0, Role.ZERO), "hundert": (100, Role.HUNDRED), "tausend": (1000, Role.THOUSAND),
        "million": (10**6, Role.MILLION), "millionen": (10**6, Role.MILLION),
    },
    "it": {
        **_series("uno/un/una due tre quattro cinque sei sette otto nove", 1, _DIGIT),
        **_series("dieci undici dodici tredici quattordici quindici sedici diciassette diciotto "
                  "diciannove", 10, _TEEN),
        **_series("venti/vent trenta/trent quaranta/quarant cinquanta/cinquant sessanta/sessant settanta/settant "
                  "ottanta/ottant novanta/novant", 20, _TENS, 10),
        "zero": (0, Role.ZERO), "cento": (100, Role.HUNDRED), "cent": (100, Role.HUNDRED),
        "mille": (1000, Role.THOUSAND), "mila": (1000, Role.THOUSAND),
        "milione": (10**6, Role.MILLION), "milioni": (10**6, Role.MILLION),
    },
    "pt": {
        **_series("um/uma dois/duas três/tres quatro cinco seis sete oito nove", 1, _DIGIT),
        **_series("dez onze doze treze catorze/quatorze quinze dezesseis/dezasseis dezessete/dezassete dezoito "
                  "dezenove/dezanove", 10, _TEEN),
        **_series("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", 20, _TENS, 10),
        **_series("duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas quinhentos/quinhentas "
                  "seiscentos/seiscentas setecentos/setecentas oitocentos/oitocentas novecentos/novecentas",
                  200, Role.HUNDREDS, 100),
        "zero": (0, Role.ZERO), "cem": (100, Role.HUNDRED), "cento": (100, Role.HUNDRED),
        "mil": (1000, Role.THOUSAND), "milhão": (10**6, Role.MILLION), "milhões": (10**6, Role.MILLION),
    },
}  # fmt: skip
"""Language → word → value and role."""

CONNECTORS = {"en": "and", "es": "y", "fr": "et", "de": "und", "it": "e", "pt": "e"}
"""The word that may stand inside a number: "two hundred and five", "treinta y cinco"."""

_GERMAN_PARTS = re.compile(
    "|".join(sorted([*NUMBER_WORDS["de"], "und", "sech", "sieb"], key=len, reverse=True)), re.IGNORECASE
)
_ITALIAN_PARTS = re.compile("|".join(sorted(NUMBER_WORDS["it"], key=len, reverse=True)), re.IGNORECASE)
_SHORTEST_COMPOUND = 6


def parts_of(word: str, language: str) -> tuple[str, ...]:
    """Cut a German or Italian compound into number words: "fünfunddreißig" gives fünf, und, dreißig."""
    if len(word) < _SHORTEST_COMPOUND or language not in ("de", "it") or word in NUMBER_WORDS[language]:
        return (word,)
    pattern = _GERMAN_PARTS if language == "de" else _ITALIAN_PARTS
    if language == "it":
        word = word.replace("centott", "centoott")  # "centottanta" drops one of the two vowels
    parts: list[str] = []
    position = 0
    while position < len(word):
        found = pattern.match(word, position)
        if not found:
            return (word,)
        parts.append(found.group())
        position = found.end()
    return tuple(parts)
