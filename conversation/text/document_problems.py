"""What the avatar says when a picture or a document cannot be taken: what is wrong, and what to do about it."""

from enum import Enum
from typing import NamedTuple

from conversation.text.language import base_language


class DocumentProblem(Enum):
    """One reason. The values but the last three are the problems that a scan names."""

    NO_DOCUMENT = "no_document"
    TWO_DOCUMENTS = "two_documents"
    CUT_OFF = "cut_off"
    BLURRED = "blurred"
    GLARE = "glare"
    NOTHING_READABLE = "nothing_readable"
    MRZ_INCOMPLETE = "mrz_incomplete"
    MRZ_CHECK_DIGIT = "mrz_check_digit"
    MRZ_AMBIGUOUS = "mrz_ambiguous"
    UNCONFIRMED = "unconfirmed"
    BARCODE_UNREADABLE = "barcode_unreadable"
    BARCODE_MISSING = "barcode_missing"
    BACK_FIRST = "back_first"
    SAME_SIDE = "same_side"
    SIDE_MISSING = "side_missing"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_COUNTRY = "unknown_country"
    EXPIRED = "expired"
    IMPLAUSIBLE_DATES = "implausible_dates"
    DATA_MISMATCH = "data_mismatch"
    RECAPTURED = "recaptured"
    REFUSED = "refused"
    """A document that may not be taken, for a reason that has no words of its own."""
    UNREAD = "unread"
    """Nothing could be read surely in time."""
    NOT_CHECKED = "not_checked"
    """Nobody could look."""


def problem_line(key: str, language: str = "en") -> str:
    """What is wrong with a picture or a document, and what the person can do; empty for an unknown key."""
    words = _words(key, language)
    return "" if words is None else f"{words.wrong} {words.remedy}".strip()


def end_line(key: str, language: str = "en") -> str:
    """What was wrong, when the scan is over and there is nothing more to do; empty for an unknown key."""
    words = _words(key, language)
    return "" if words is None else words.wrong


class _Words(NamedTuple):
    wrong: str
    remedy: str


def _words(key: str, language: str) -> _Words | None:
    try:
        by_language = _LINES[DocumentProblem(key)]
    except ValueError:
        return None
    return _Words(*by_language.get(base_language(language), by_language["en"]))


_LINES: dict[DocumentProblem, dict[str, tuple[str, str]]] = {
    DocumentProblem.NO_DOCUMENT: {
        "en": ("I saw no document in the picture.", "Please hold it in the frame and keep it there."),
        "es": ("No he visto ningún documento en la imagen.", "Manténgalo dentro del marco, por favor."),
        "fr": ("Je n'ai vu aucun document sur l'image.", "Tenez-le dans le cadre, s'il vous plaît."),
        "de": ("Im Bild war kein Ausweis zu sehen.", "Bitte halten Sie ihn in den Rahmen und lassen Sie ihn dort."),
    },
    DocumentProblem.TWO_DOCUMENTS: {
        "en": ("There was more than one document in the picture.", "Please show only one."),
        "es": ("En la imagen había más de un documento.", "Muestre solo uno, por favor."),
        "fr": ("Il y avait plus d'un document sur l'image.", "N'en montrez qu'un seul, s'il vous plaît."),
        "de": ("Im Bild war mehr als ein Dokument.", "Bitte zeigen Sie nur eines."),
    },
    DocumentProblem.CUT_OFF: {
        "en": ("A part of the document was cut off.", "Please show all four corners, with no finger over the print."),
        "es": ("Faltaba una parte del documento.", "Muestre las cuatro esquinas y no tape el texto con los dedos."),
        "fr": ("Une partie du document manquait.", "Montrez les quatre coins, sans doigt sur le texte."),
        "de": ("Ein Teil des Ausweises fehlte im Bild.", "Bitte zeigen Sie alle vier Ecken, ohne Finger auf dem Text."),
    },
    DocumentProblem.BLURRED: {
        "en": ("The picture was blurred.", "Please hold the document still for a moment, and not too close."),
        "es": ("La imagen ha salido borrosa.", "Mantenga el documento quieto un momento y no demasiado cerca."),
        "fr": ("L'image était floue.", "Tenez le document immobile un instant, et pas trop près."),
        "de": ("Das Bild war unscharf.", "Bitte halten Sie den Ausweis kurz ruhig und nicht zu nah."),
    },
    DocumentProblem.GLARE: {
        "en": ("A reflection covered a part of the print.", "Please tilt the document a little away from the light."),
        "es": ("Un reflejo tapaba parte del texto.", "Incline un poco el documento para apartarlo de la luz."),
        "fr": ("Un reflet cachait une partie du texte.", "Inclinez un peu le document pour éviter la lumière."),
        "de": ("Eine Spiegelung hat Text verdeckt.", "Bitte kippen Sie den Ausweis ein wenig vom Licht weg."),
    },
    DocumentProblem.NOTHING_READABLE: {
        "en": ("I could not read anything on it.", "Please show the side with your data, in good light."),
        "es": ("No he podido leer nada.", "Muestre el lado con sus datos, con buena luz, por favor."),
        "fr": ("Je n'ai rien pu lire.", "Montrez le côté avec vos données, sous une bonne lumière."),
        "de": ("Ich konnte darauf nichts lesen.", "Bitte zeigen Sie die Seite mit Ihren Daten bei gutem Licht."),
    },
    DocumentProblem.MRZ_INCOMPLETE: {
        "en": ("I could not see all of the lines of letters and arrows.", "Please show the whole side, uncovered."),
        "es": ("No he visto enteras las líneas de letras y flechas.", "Muestre todo el lado sin taparlo, por favor."),
        "fr": ("Je n'ai pas vu toutes les lignes de lettres et de chevrons.", "Montrez tout le côté, sans le cacher."),
        "de": ("Die Zeilen aus Buchstaben und Pfeilen waren nicht ganz zu sehen.", "Bitte zeigen Sie die ganze Seite."),
    },
    DocumentProblem.MRZ_CHECK_DIGIT: {
        "en": ("I could not read the lines with the arrows surely.", "Please hold the document flat, in good light."),
        "es": ("No he leído bien las líneas con flechas.", "Mantenga el documento plano y con buena luz, por favor."),
        "fr": ("Je n'ai pas bien lu les lignes de chevrons.", "Tenez le document à plat, sous une bonne lumière."),
        "de": ("Die Zeilen mit Pfeilen habe ich nicht sicher gelesen.", "Bitte halten Sie ihn flach ins Licht."),
    },
    DocumentProblem.MRZ_AMBIGUOUS: {
        "en": ("One character can be read in two ways.", "Please bring that side a little closer and hold it still."),
        "es": ("Un carácter se puede leer de dos maneras.", "Acerque un poco ese lado y no lo mueva, por favor."),
        "fr": ("Un caractère peut se lire de deux façons.", "Approchez un peu ce côté et tenez-le immobile."),
        "de": ("Ein Zeichen lässt sich auf zwei Arten lesen.", "Bitte halten Sie diese Seite etwas näher und ruhig."),
    },
    DocumentProblem.UNCONFIRMED: {
        "en": ("I want to be sure that I read it right.", "Please keep showing the same side for a second picture."),
        "es": ("Quiero asegurarme de que lo leo bien.", "Siga mostrando el mismo lado para otra imagen, por favor."),
        "fr": ("Je veux m'assurer d'avoir bien lu.", "Continuez à montrer le même côté pour une seconde image."),
        "de": ("Ich möchte sicher sein, dass ich richtig lese.", "Bitte zeigen Sie dieselbe Seite noch für ein Bild."),
    },
    DocumentProblem.BARCODE_UNREADABLE: {
        "en": ("I could not read the bar code.", "Please bring it a little closer and hold it flat."),
        "es": ("No he podido leer el código de barras.", "Acérquelo un poco y manténgalo plano, por favor."),
        "fr": ("Je n'ai pas pu lire le code-barres.", "Approchez-le un peu et tenez-le à plat."),
        "de": ("Ich konnte den Strichcode nicht lesen.", "Bitte halten Sie ihn etwas näher und gerade."),
    },
    DocumentProblem.BARCODE_MISSING: {
        "en": ("I did not find the bar code.", "Please show the side of the card that has it."),
        "es": ("No he encontrado el código de barras.", "Muestre el lado de la tarjeta que lo lleva, por favor."),
        "fr": ("Je n'ai pas trouvé le code-barres.", "Montrez le côté de la carte qui le porte."),
        "de": ("Ich habe den Strichcode nicht gefunden.", "Bitte zeigen Sie die Seite der Karte, auf der er ist."),
    },
    DocumentProblem.BACK_FIRST: {
        "en": ("That was the back.", "Please turn the document over and show the front."),
        "es": ("Ese era el reverso.", "Dé la vuelta al documento y muestre el anverso, por favor."),
        "fr": ("C'était le verso.", "Retournez le document et montrez le recto, s'il vous plaît."),
        "de": ("Das war die Rückseite.", "Bitte drehen Sie den Ausweis um und zeigen Sie die Vorderseite."),
    },
    DocumentProblem.SAME_SIDE: {
        "en": ("That was the same side again.", "Please turn the document over."),
        "es": ("Ese era otra vez el mismo lado.", "Dé la vuelta al documento, por favor."),
        "fr": ("C'était encore le même côté.", "Retournez le document, s'il vous plaît."),
        "de": ("Das war noch einmal dieselbe Seite.", "Bitte drehen Sie den Ausweis um."),
    },
    DocumentProblem.SIDE_MISSING: {
        "en": ("One side of the document is still missing.", "Please show me the other side."),
        "es": ("Todavía falta un lado del documento.", "Muéstreme el otro lado, por favor."),
        "fr": ("Il manque encore un côté du document.", "Montrez-moi l'autre côté, s'il vous plaît."),
        "de": ("Eine Seite des Ausweises fehlt noch.", "Bitte zeigen Sie mir die andere Seite."),
    },
    DocumentProblem.WRONG_TYPE: {
        "en": ("This kind of document cannot be used here.", "Please show another one, if you have it."),
        "es": ("Este tipo de documento no sirve aquí.", "Muestre otro, si lo tiene, por favor."),
        "fr": ("Ce type de document n'est pas accepté ici.", "Présentez-en un autre, si vous en avez un."),
        "de": ("Diese Art von Ausweis gilt hier nicht.", "Bitte zeigen Sie einen anderen, wenn Sie einen haben."),
    },
    DocumentProblem.UNKNOWN_COUNTRY: {
        "en": ("I do not know the country that issued this document.", "Please show another one, if you have it."),
        "es": ("No conozco el país que ha emitido este documento.", "Muestre otro, si lo tiene, por favor."),
        "fr": ("Je ne connais pas le pays qui a délivré ce document.", "Présentez-en un autre, si vous en avez un."),
        "de": ("Das Land, das diesen Ausweis ausgestellt hat, kenne ich nicht.", "Bitte zeigen Sie einen anderen."),
    },
    DocumentProblem.EXPIRED: {
        "en": ("This document has expired.", "Please show one that is still valid."),
        "es": ("Este documento ha caducado.", "Muestre uno que siga siendo válido, por favor."),
        "fr": ("Ce document a expiré.", "Présentez-en un qui soit encore valable, s'il vous plaît."),
        "de": ("Dieser Ausweis ist abgelaufen.", "Bitte zeigen Sie einen, der noch gültig ist."),
    },
    DocumentProblem.IMPLAUSIBLE_DATES: {
        "en": ("The dates on this document do not fit together.", "Please hold it flat and show it once more."),
        "es": ("Las fechas de este documento no encajan.", "Manténgalo plano y muéstrelo otra vez, por favor."),
        "fr": ("Les dates de ce document ne vont pas ensemble.", "Tenez-le à plat et montrez-le encore une fois."),
        "de": ("Die Daten auf diesem Ausweis passen nicht zusammen.", "Bitte zeigen Sie ihn noch einmal gerade."),
    },
    DocumentProblem.DATA_MISMATCH: {
        "en": ("The parts of this document do not agree.", "Please show both sides of one and the same document."),
        "es": ("Las partes de este documento no coinciden.", "Muestre los dos lados del mismo documento, por favor."),
        "fr": ("Les parties de ce document ne concordent pas.", "Montrez les deux côtés d'un seul et même document."),
        "de": ("Die Angaben auf diesem Ausweis widersprechen sich.", "Bitte zeigen Sie beide Seiten eines Ausweises."),
    },
    DocumentProblem.RECAPTURED: {
        "en": ("This looks like a picture of a document.", "Please show the document itself, not a screen or a copy."),
        "es": ("Esto parece una imagen de un documento.", "Muestre el original, no una pantalla ni una copia."),
        "fr": ("Cela ressemble à une image d'un document.", "Montrez le document lui-même, ni un écran ni une copie."),
        "de": ("Das sieht aus wie ein Bild eines Ausweises.", "Bitte zeigen Sie das Original, keine Kopie."),
    },
    DocumentProblem.REFUSED: {
        "en": ("I cannot take this document.", "Please show another one, if you have it."),
        "es": ("No puedo aceptar este documento.", "Muestre otro, si lo tiene, por favor."),
        "fr": ("Je ne peux pas accepter ce document.", "Présentez-en un autre, si vous en avez un."),
        "de": ("Diesen Ausweis kann ich nicht annehmen.", "Bitte zeigen Sie einen anderen, wenn Sie einen haben."),
    },
    DocumentProblem.UNREAD: {
        "en": ("I could not read the document surely enough.", ""),
        "es": ("No he podido leer el documento con seguridad.", ""),
        "fr": ("Je n'ai pas pu lire le document avec certitude.", ""),
        "de": ("Ich konnte den Ausweis nicht sicher genug lesen.", ""),
    },
    DocumentProblem.NOT_CHECKED: {
        "en": ("The document could not be looked at just now.", ""),
        "es": ("En este momento no se ha podido ver el documento.", ""),
        "fr": ("Le document n'a pas pu être examiné pour le moment.", ""),
        "de": ("Der Ausweis konnte gerade nicht angesehen werden.", ""),
    },
}  # fmt: skip
