"""What the avatar says while a document is shown to the camera: the announcement, what to do next, and advice."""

from enum import Enum
from typing import NamedTuple

from conversation.text.document_problems import problem_line
from conversation.text.language import base_language


class DocumentLine(Enum):
    """One line. The value of a step or an advice is ``<kind>_<key>`` of what a scan asks for."""

    ANNOUNCE = "announce"
    READ = "read"
    SHOW_FRONT = "document_step_show_front"
    SHOW_DOCUMENT = "document_step_show_document"
    TURN_OVER = "document_step_turn_over"
    TRY_AGAIN = "document_step_try_again"
    NO_DOCUMENT = "document_hint_no_document"
    TWO_DOCUMENTS = "document_hint_two_documents"
    CUT_OFF = "document_hint_cut_off"
    CLOSER = "document_hint_closer"
    BACK = "document_hint_back"
    TILTED = "document_hint_tilted"
    GLARE = "document_hint_glare"
    BLURRED = "document_hint_blurred"
    SHADOW = "document_hint_shadow"
    MORE_LIGHT = "document_hint_more_light"
    LESS_LIGHT = "document_hint_less_light"
    HOLD_STILL = "document_hint_hold_still"
    STEADY = "document_hint_steady"
    READING = "document_hint_reading"


def document_line(line: DocumentLine, language: str = "en") -> str:
    """Return a line in the language of the session, in English where there is none."""
    words: dict[str, str] = _LINES[line]._asdict()
    return words.get(base_language(language), words["en"])


def guided_document_line(kind: str, key: str, language: str) -> str:
    """The line for ``document_step``, ``document_hint`` or ``document_problem``; empty for what has no words."""
    if kind == "document_problem":
        return problem_line(key, language)
    try:
        return document_line(DocumentLine(f"{kind}_{key}"), language)
    except ValueError:
        return ""


class _Words(NamedTuple):
    en: str
    es: str
    fr: str
    de: str


_LINES: dict[DocumentLine, _Words] = {
    DocumentLine.ANNOUNCE: _Words(
        en="Now I need to see your identity document.",
        es="Ahora necesito ver su documento de identidad.",
        fr="J'ai maintenant besoin de voir votre pièce d'identité.",
        de="Jetzt brauche ich Ihren Ausweis.",
    ),
    DocumentLine.READ: _Words(
        en="Thank you, I have read your document.",
        es="Gracias, he leído su documento.",
        fr="Merci, j'ai lu votre document.",
        de="Danke, ich habe Ihren Ausweis gelesen.",
    ),
    DocumentLine.SHOW_FRONT: _Words(
        en="Please hold the front of the document in front of the camera.",
        es="Muestre la parte delantera del documento a la cámara, por favor.",
        fr="Présentez le recto du document devant la caméra, s'il vous plaît.",
        de="Bitte halten Sie die Vorderseite des Ausweises vor die Kamera.",
    ),
    DocumentLine.SHOW_DOCUMENT: _Words(
        en="Please hold the side with the data in front of the camera. In a passport it is the page with your photo.",
        es="Muestre a la cámara el lado con los datos. En un pasaporte es la página con su foto.",
        fr="Présentez le côté avec les données devant la caméra. Dans un passeport, c'est la page avec votre photo.",
        de="Bitte halten Sie die Seite mit den Daten vor die Kamera. Im Reisepass ist es die Seite mit Ihrem Foto.",
    ),
    DocumentLine.TURN_OVER: _Words(
        en="Very good. Now please turn the card over.",
        es="Muy bien. Ahora dé la vuelta a la tarjeta, por favor.",
        fr="Très bien. Retournez maintenant la carte, s'il vous plaît.",
        de="Sehr gut. Bitte drehen Sie die Karte jetzt um.",
    ),
    DocumentLine.TRY_AGAIN: _Words(
        en="Please show that side once more.",
        es="Muestre ese lado otra vez, por favor.",
        fr="Présentez ce côté encore une fois, s'il vous plaît.",
        de="Bitte zeigen Sie diese Seite noch einmal.",
    ),
    DocumentLine.NO_DOCUMENT: _Words(
        en="I can't see a document yet. Please hold it in front of the camera.",
        es="Todavía no veo ningún documento. Muéstrelo a la cámara, por favor.",
        fr="Je ne vois pas encore de document. Tenez-le devant la caméra, s'il vous plaît.",
        de="Ich sehe noch keinen Ausweis. Bitte halten Sie ihn vor die Kamera.",
    ),
    DocumentLine.TWO_DOCUMENTS: _Words(
        en="I see more than one document. Please show only one.",
        es="Veo más de un documento. Muestre solo uno, por favor.",
        fr="Je vois plusieurs documents. N'en montrez qu'un, s'il vous plaît.",
        de="Ich sehe mehr als ein Dokument. Bitte zeigen Sie nur eines.",
    ),
    DocumentLine.CUT_OFF: _Words(
        en="A part of the document is outside the picture. Please move it into the frame.",
        es="Una parte del documento queda fuera de la imagen. Colóquelo dentro del marco.",
        fr="Une partie du document est hors de l'image. Placez-le dans le cadre, s'il vous plaît.",
        de="Ein Teil des Ausweises ist außerhalb des Bildes. Bitte bringen Sie ihn in den Rahmen.",
    ),
    DocumentLine.CLOSER: _Words(
        en="Please bring the document a little closer.",
        es="Acerque un poco el documento, por favor.",
        fr="Approchez un peu le document, s'il vous plaît.",
        de="Bitte bringen Sie den Ausweis ein wenig näher.",
    ),
    DocumentLine.BACK: _Words(
        en="Please move the document a little further away.",
        es="Aleje un poco el documento, por favor.",
        fr="Éloignez un peu le document, s'il vous plaît.",
        de="Bitte halten Sie den Ausweis ein wenig weiter weg.",
    ),
    DocumentLine.TILTED: _Words(
        en="Please hold the document flat, so that I see it straight from the front.",
        es="Mantenga el documento recto, de frente a la cámara, por favor.",
        fr="Tenez le document bien à plat, face à la caméra, s'il vous plaît.",
        de="Bitte halten Sie den Ausweis gerade, so dass ich ihn genau von vorn sehe.",
    ),
    DocumentLine.GLARE: _Words(
        en="There is a reflection on the document. Please tilt it a little.",
        es="Hay un reflejo en el documento. Inclínelo un poco, por favor.",
        fr="Il y a un reflet sur le document. Inclinez-le légèrement, s'il vous plaît.",
        de="Auf dem Ausweis spiegelt sich Licht. Bitte kippen Sie ihn ein wenig.",
    ),
    DocumentLine.BLURRED: _Words(
        en="The document is blurred. Please hold it still, and not too close.",
        es="El documento se ve borroso. Manténgalo quieto y no demasiado cerca.",
        fr="Le document est flou. Tenez-le immobile, et pas trop près.",
        de="Der Ausweis ist unscharf. Bitte halten Sie ihn ruhig und nicht zu nah.",
    ),
    DocumentLine.SHADOW: _Words(
        en="There is a shadow on the document. Please turn it towards the light.",
        es="Hay una sombra sobre el documento. Gírelo hacia la luz, por favor.",
        fr="Il y a une ombre sur le document. Tournez-le vers la lumière, s'il vous plaît.",
        de="Auf dem Ausweis liegt ein Schatten. Bitte drehen Sie ihn zum Licht.",
    ),
    DocumentLine.MORE_LIGHT: _Words(
        en="It is too dark to read the document. Please turn on a light.",
        es="Está demasiado oscuro para leer el documento. Encienda una luz, por favor.",
        fr="Il fait trop sombre pour lire le document. Allumez une lumière, s'il vous plaît.",
        de="Zum Lesen ist es zu dunkel. Bitte machen Sie Licht an.",
    ),
    DocumentLine.LESS_LIGHT: _Words(
        en="The document is too bright. Please move it out of the strong light.",
        es="El documento recibe demasiada luz. Apártelo de la luz fuerte, por favor.",
        fr="Le document est trop éclairé. Éloignez-le de la lumière vive, s'il vous plaît.",
        de="Der Ausweis ist zu hell beleuchtet. Bitte nehmen Sie ihn aus dem grellen Licht.",
    ),
    DocumentLine.HOLD_STILL: _Words(
        en="Please hold the document still.",
        es="Mantenga quieto el documento, por favor.",
        fr="Tenez le document immobile, s'il vous plaît.",
        de="Bitte halten Sie den Ausweis ruhig.",
    ),
    DocumentLine.STEADY: _Words(
        en="Very good. Please hold it just like that.",
        es="Muy bien. Manténgalo así, por favor.",
        fr="Très bien. Tenez-le comme ça, s'il vous plaît.",
        de="Sehr gut. Bitte genau so halten.",
    ),
    DocumentLine.READING: _Words(
        en="One moment, I am reading it.",
        es="Un momento, lo estoy leyendo.",
        fr="Un instant, je le lis.",
        de="Einen Moment, ich lese ihn gerade.",
    ),
}
