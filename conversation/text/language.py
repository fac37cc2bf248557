"""Languages of a short reply: base tags, and whether words are plainly not English.

A statistical language detector needs more words than a reply has, and hundreds of megabytes (measured: lingua takes
220 MB). Function words decide just as well here, and say nothing when they are missing.
"""

import re

from conversation.text.normalise import normalise, word_set

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")

_FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": word_set(
        "the a an i you he she it we they my your his her our is are was were be been am do does did have has had "
        "not "
        "and or but if of to in on at for with from this that what why how who where when can could would will "
        "yes yeah "
        "please thanks thank hello there just me i'm it's don't"
    ),
    "es": word_set(
        "el la los las un una yo tú usted él ella es son soy está estoy mi su que qué de en con por para y o pero "
        "no sí "
        "hola gracias buenos buenas días tardes necesito quiero quisiera tengo puedo me llamo mi como cómo dónde "
        "al del "
        "ayuda lo muy aquí cuenta tarjeta favor"
    ),
    "fr": word_set(
        "le la les un une je tu vous il elle nous est sont suis mon ma mes votre que quoi de des du en avec pour "
        "et ou "
        "mais ne pas oui non bonjour bonsoir merci salut voudrais veux peux ai j'ai c'est d'un d'une à au aux ici "
        "compte carte comment pourquoi parler"
    ),
    "de": word_set(
        "der die das ein eine einen ich du sie er es wir ist sind bin mein meine ihr ihre dass was von zu mit für "
        "und "
        "oder aber nicht ja nein hallo guten tag morgen abend danke bitte möchte hätte habe kann brauche gern gerne "
        "neues konto karte wie warum hier auf mir mich"
    ),
    "it": word_set(
        "il lo gli un una io tu lei è sono mio mia suo che cosa di con per e o ma non sì ciao buongiorno buonasera "
        "grazie vorrei voglio posso ho bisogno conto carta come perché qui del della mi chiamo"
    ),
    "pt": word_set(
        "o os as um uma eu você ele ela é são sou meu minha seu que de do da em com por para e ou mas não sim olá oi "
        "obrigado obrigada bom boa dia tarde preciso quero gostaria tenho posso conta cartão como porque aqui ajuda"
    ),
}
_FOREIGN_LETTERS = re.compile(r"[¿¡ñßäöüàâçéèêëîïôûùœáíóúãõ]")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1cff\u2e80-\ud7ff\uf900-\ufdff\ufe70-\ufeff]")


def base_language(tag: str) -> str:
    """Return the primary subtag of a language tag (RFC 5646): ``es-MX`` gives ``es``."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0] or "en"


def likely_language(text: str) -> str | None:
    """Return the likely language: one of ``LANGUAGES``, ``other`` for another script, None when nothing tells."""
    if len(_FOREIGN_SCRIPT.findall(text)) >= 2:
        return "other"
    found = normalise(text).split()
    counts = {language: sum(word in known for word in found) for language, known in _FUNCTION_WORDS.items()}
    best = max(counts.values())
    if not best:
        return None
    leaders = [language for language, count in counts.items() if count == best]
    if len(leaders) > 1 and _FOREIGN_LETTERS.search(text.lower()):
        leaders = [language for language in leaders if language != "en"]
    return leaders[0]


def is_foreign(text: str) -> bool:
    """Return whether the text is plainly not English."""
    language = likely_language(text)
    if language is None:
        return bool(len(_FOREIGN_LETTERS.findall(text.lower())) >= 2 and len(text.split()) >= 2)
    return language != "en"
