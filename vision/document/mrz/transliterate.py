"""National letters as a machine-readable zone writes them (ICAO Doc 9303-3 §6, tables A to C)."""

import unicodedata
from collections.abc import Mapping

_LATIN: Mapping[str, str] = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Ü": "UE", "ẞ": "SS", "Þ": "TH", "Ĳ": "IJ",
    "Ð": "D", "Đ": "D", "Ħ": "H", "ı": "I", "Ł": "L", "Ŋ": "N", "Ŧ": "T", "ĸ": "Q", "Ə": "A", "Ŀ": "L",
}  # fmt: skip
"""Table A, where the letter is not simply written without its mark."""

_CYRILLIC: Mapping[str, str] = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Ґ": "G", "Д": "D", "Ђ": "D", "Е": "E", "Ё": "E", "Є": "IE", "Ж": "ZH",
    "З": "Z", "Ѕ": "DZ", "И": "I", "І": "I", "Ї": "I", "Й": "I", "Ј": "J", "К": "K", "Л": "L", "Љ": "LJ", "М": "M",
    "Н": "N", "Њ": "NJ", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "Ћ": "C", "У": "U", "Ў": "U", "Ф": "F",
    "Х": "KH", "Ц": "TS", "Ч": "CH", "Џ": "DZ", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E",
    "Ю": "IU", "Я": "IA", "Ѓ": "G", "Ќ": "K",
}  # fmt: skip
"""Table B."""

_ARABIC: Mapping[str, str] = {
    "ء": "XE", "آ": "XAA", "أ": "XAE", "ؤ": "U", "إ": "I", "ئ": "XI", "ا": "A", "ب": "B", "ة": "XTA", "ت": "T",
    "ث": "XTH", "ج": "J", "ح": "XH", "خ": "XKH", "د": "D", "ذ": "XDH", "ر": "R", "ز": "Z", "س": "S", "ش": "XSH",
    "ص": "XSS", "ض": "XDZ", "ط": "XTT", "ظ": "XZZ", "ع": "E", "غ": "G", "ف": "F", "ق": "Q", "ك": "K", "ل": "L",
    "م": "M", "ن": "N", "ه": "H", "و": "W", "ى": "XAY", "ي": "Y", "ٱ": "XXA", "پ": "P", "چ": "XCH", "ژ": "XZH",
    "گ": "XG", "ک": "XKK", "ی": "XYN", "ٹ": "XXT", "ڈ": "XXD", "ڑ": "XXR", "ں": "XNN", "ہ": "XNH", "ے": "XYH",
}  # fmt: skip
"""Table C; vowel signs are left out there."""

_GREEK: Mapping[str, str] = {
    "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "TH", "Ι": "I", "Κ": "K", "Λ": "L",
    "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S", "Τ": "T", "Υ": "Y", "Φ": "F", "Χ": "CH",
    "Ψ": "PS", "Ω": "O",
}  # fmt: skip
"""Doc 9303 has no table for Greek; this is ISO 843 without marks, which Greek passports are written by."""

_TABLES = {**_LATIN, **_CYRILLIC, **_ARABIC, **_GREEK}


def transliterate(text: str) -> str:
    """Upper-case Latin letters, digits and spaces. What no table has is left out; hyphens become spaces."""
    written = []
    for character in unicodedata.normalize("NFC", text.replace("ß", "ẞ").upper()):
        if character in _TABLES:
            written.append(_TABLES[character])
            continue
        base = unicodedata.normalize("NFKD", character).upper()
        letters = "".join(_TABLES.get(one, one) for one in base if not unicodedata.combining(one))
        written.append(" " if character == "-" else letters)
    kept = "".join(one for one in "".join(written) if one.isascii() and (one.isalnum() or one == " "))
    return " ".join(kept.split())
