"""What the avatar says while it looks at the person: announcements, advice, challenges, the question for consent."""

from enum import Enum
from typing import NamedTuple

from conversation.text.document_lines import guided_document_line
from conversation.text.language import base_language


class CheckLine(Enum):
    """One line. The value of an advice or a challenge is ``<kind>_<key>`` of what a check asks for."""

    LOOK = "look"
    SCAN = "scan"
    RECOGNISE = "recognise"
    CONSENT = "consent"
    FLASH = "flash"
    """Asks before bright colours are shown, and warns; the page asks the same with two buttons."""
    TURN_LEFT = "challenge_turn_left"
    TURN_RIGHT = "challenge_turn_right"
    BLINK = "challenge_blink"
    SMILE = "challenge_smile"
    COME_CLOSER = "challenge_closer"
    READ = "challenge_read"
    NO_FACE = "hint_no_face"
    MORE_FACES = "hint_more_faces"
    CLOSER = "hint_closer"
    BACK = "hint_back"
    LEFT = "hint_left"
    RIGHT = "hint_right"
    UP = "hint_up"
    DOWN = "hint_down"
    FACE_CAMERA = "hint_face_camera"
    LEVEL = "hint_level"
    HOLD_STILL = "hint_hold_still"
    MORE_LIGHT = "hint_more_light"
    LESS_LIGHT = "hint_less_light"
    BACKLIGHT = "hint_backlight"
    UNCOVER = "hint_uncover"
    BLURRED = "hint_blurred"
    STEADY = "hint_steady"


def check_line(line: CheckLine, language: str = "en", *, phrase: str = "") -> str:
    """Return a line in the language of the session, in English where there is none."""
    words: dict[str, str] = _LINES[line]._asdict()
    return words.get(base_language(language), words["en"]).replace("{phrase}", phrase)


def guided_line(kind: str, key: str, language: str, phrase: str = "") -> str:
    """The line for an advice, a challenge, a flash, or a step, advice or problem of a document; empty for one that no
    catalogue knows."""
    if kind.startswith("document_"):
        return guided_document_line(kind, key, language)
    try:
        line = CheckLine.FLASH if kind == "flash" else CheckLine(f"{kind}_{key}")
    except ValueError:
        return ""
    return check_line(line, language, phrase=phrase)


class _Words(NamedTuple):
    en: str
    es: str
    fr: str
    de: str


_LINES: dict[CheckLine, _Words] = {
    CheckLine.LOOK: _Words(
        en="I will now take a short look at you. Please look into the camera.",
        es="Ahora voy a mirarle un momento. Mire a la cámara, por favor.",
        fr="Je vais maintenant vous regarder un instant. Regardez la caméra, s'il vous plaît.",
        de="Ich sehe Sie mir jetzt kurz an. Bitte schauen Sie in die Kamera.",
    ),
    CheckLine.SCAN: _Words(
        en="I will now take a picture of your face. Please bring it into the oval and look into the camera.",
        es="Ahora voy a tomar una imagen de su cara. Colóquela en el óvalo y mire a la cámara, por favor.",
        fr="Je vais maintenant prendre une image de votre visage. Placez-le dans l'ovale et regardez la caméra.",
        de="Ich nehme jetzt ein Bild Ihres Gesichts auf. Bitte bringen Sie es in das Oval und sehen Sie in die Kamera.",
    ),
    CheckLine.RECOGNISE: _Words(
        en="I will now see whether we have met before. Please look into the camera.",
        es="Ahora voy a ver si ya nos conocemos. Mire a la cámara, por favor.",
        fr="Je vais voir si nous nous connaissons déjà. Regardez la caméra, s'il vous plaît.",
        de="Ich sehe jetzt nach, ob wir uns schon kennen. Bitte schauen Sie in die Kamera.",
    ),
    CheckLine.CONSENT: _Words(
        en="May I keep a mathematical description of your face, so that you are recognised next time? "
        "Please say yes or no.",
        es="¿Puedo guardar una descripción matemática de su cara para reconocerle la próxima vez? "
        "Diga sí o no, por favor.",
        fr="Puis-je conserver une description mathématique de votre visage pour vous reconnaître la prochaine fois ? "
        "Dites oui ou non, s'il vous plaît.",
        de="Darf ich eine mathematische Beschreibung Ihres Gesichts aufbewahren, damit Sie beim nächsten Mal "
        "erkannt werden? Bitte sagen Sie Ja oder Nein.",
    ),
    CheckLine.FLASH: _Words(
        en="May your screen flash in bright colours for a few seconds? Please choose Show it, or Skip if flashing "
        "light can harm you.",
        es="¿Puede su pantalla mostrar destellos de colores unos segundos? Elíjalo en la pantalla, y omítalo si la luz "
        "intermitente puede hacerle daño.",
        fr="Votre écran peut-il clignoter en couleurs vives quelques secondes ? Choisissez à l'écran, et refusez si la "
        "lumière clignotante peut vous nuire.",
        de="Darf Ihr Bildschirm einige Sekunden lang in hellen Farben aufleuchten? Wählen Sie auf dem Bildschirm, und "
        "lehnen Sie ab, wenn Ihnen flackerndes Licht schaden kann.",
    ),
    CheckLine.TURN_LEFT: _Words(
        en="Please turn your head slowly to your left.",
        es="Gire la cabeza despacio hacia su izquierda, por favor.",
        fr="Tournez lentement la tête vers votre gauche, s'il vous plaît.",
        de="Bitte drehen Sie den Kopf langsam nach links, von Ihnen aus gesehen.",
    ),
    CheckLine.TURN_RIGHT: _Words(
        en="Please turn your head slowly to your right.",
        es="Gire la cabeza despacio hacia su derecha, por favor.",
        fr="Tournez lentement la tête vers votre droite, s'il vous plaît.",
        de="Bitte drehen Sie den Kopf langsam nach rechts, von Ihnen aus gesehen.",
    ),
    CheckLine.BLINK: _Words(
        en="Please close both eyes for a moment and open them again.",
        es="Cierre los dos ojos un momento y vuelva a abrirlos, por favor.",
        fr="Fermez les deux yeux un instant, puis rouvrez-les, s'il vous plaît.",
        de="Bitte schließen Sie kurz beide Augen und öffnen Sie sie wieder.",
    ),
    CheckLine.SMILE: _Words(
        en="Please give me a big smile.",
        es="Sonría, por favor.",
        fr="Faites un grand sourire, s'il vous plaît.",
        de="Bitte lächeln Sie einmal kräftig.",
    ),
    CheckLine.COME_CLOSER: _Words(
        en="Please move slowly closer to the camera.",
        es="Acérquese despacio a la cámara, por favor.",
        fr="Approchez-vous lentement de la caméra, s'il vous plaît.",
        de="Bitte kommen Sie langsam näher an die Kamera.",
    ),
    CheckLine.READ: _Words(
        en="Please look into the camera and say aloud: {phrase}.",
        es="Mire a la cámara y diga en voz alta: {phrase}.",
        fr="Regardez la caméra et dites à voix haute : {phrase}.",
        de="Bitte schauen Sie in die Kamera und sagen Sie laut: {phrase}.",
    ),
    CheckLine.NO_FACE: _Words(
        en="I can't see your face. Please sit in front of the camera.",
        es="No veo su cara. Póngase delante de la cámara, por favor.",
        fr="Je ne vois pas votre visage. Placez-vous devant la caméra, s'il vous plaît.",
        de="Ich sehe Ihr Gesicht nicht. Bitte setzen Sie sich vor die Kamera.",
    ),
    CheckLine.MORE_FACES: _Words(
        en="I see more than one face. Please be alone in the picture.",
        es="Veo más de una cara. Quédese a solas en la imagen, por favor.",
        fr="Je vois plusieurs visages. Soyez la seule personne à l'image, s'il vous plaît.",
        de="Ich sehe mehr als ein Gesicht. Bitte seien Sie allein im Bild.",
    ),
    CheckLine.CLOSER: _Words(
        en="A little closer, please.",
        es="Un poco más cerca, por favor.",
        fr="Un peu plus près, s'il vous plaît.",
        de="Ein wenig näher, bitte.",
    ),
    CheckLine.BACK: _Words(
        en="A little further back, please.",
        es="Un poco más atrás, por favor.",
        fr="Reculez un peu, s'il vous plaît.",
        de="Ein wenig weiter zurück, bitte.",
    ),
    CheckLine.LEFT: _Words(
        en="Please move a little to your left.",
        es="Muévase un poco hacia su izquierda, por favor.",
        fr="Déplacez-vous un peu vers votre gauche, s'il vous plaît.",
        de="Bitte rücken Sie ein wenig nach links, von Ihnen aus gesehen.",
    ),
    CheckLine.RIGHT: _Words(
        en="Please move a little to your right.",
        es="Muévase un poco hacia su derecha, por favor.",
        fr="Déplacez-vous un peu vers votre droite, s'il vous plaît.",
        de="Bitte rücken Sie ein wenig nach rechts, von Ihnen aus gesehen.",
    ),
    CheckLine.UP: _Words(
        en="Please move up a little.",
        es="Suba un poco, por favor.",
        fr="Remontez un peu, s'il vous plaît.",
        de="Bitte ein wenig höher.",
    ),
    CheckLine.DOWN: _Words(
        en="Please move down a little.",
        es="Baje un poco, por favor.",
        fr="Descendez un peu, s'il vous plaît.",
        de="Bitte ein wenig tiefer.",
    ),
    CheckLine.FACE_CAMERA: _Words(
        en="Please look straight into the camera.",
        es="Mire de frente a la cámara, por favor.",
        fr="Regardez bien en face de la caméra, s'il vous plaît.",
        de="Bitte schauen Sie gerade in die Kamera.",
    ),
    CheckLine.LEVEL: _Words(
        en="Please hold your head upright.",
        es="Mantenga la cabeza recta, por favor.",
        fr="Tenez la tête bien droite, s'il vous plaît.",
        de="Bitte halten Sie den Kopf gerade.",
    ),
    CheckLine.HOLD_STILL: _Words(
        en="Please hold still for a moment.",
        es="No se mueva un momento, por favor.",
        fr="Ne bougez plus un instant, s'il vous plaît.",
        de="Bitte halten Sie einen Moment still.",
    ),
    CheckLine.MORE_LIGHT: _Words(
        en="It is too dark. Please turn on a light or face a window.",
        es="Está demasiado oscuro. Encienda una luz o póngase de cara a una ventana.",
        fr="Il fait trop sombre. Allumez une lumière ou tournez-vous vers une fenêtre.",
        de="Es ist zu dunkel. Bitte machen Sie Licht an oder wenden Sie sich zum Fenster.",
    ),
    CheckLine.LESS_LIGHT: _Words(
        en="It is too bright. Please turn away from the light a little.",
        es="Hay demasiada luz. Apártese un poco de ella, por favor.",
        fr="Il y a trop de lumière. Détournez-vous-en un peu, s'il vous plaît.",
        de="Es ist zu hell. Bitte wenden Sie sich ein wenig vom Licht ab.",
    ),
    CheckLine.BACKLIGHT: _Words(
        en="The light is behind you. Please turn so that it falls on your face.",
        es="La luz está detrás de usted. Gírese para que le dé en la cara, por favor.",
        fr="La lumière est derrière vous. Tournez-vous pour qu'elle éclaire votre visage.",
        de="Das Licht ist hinter Ihnen. Bitte drehen Sie sich so, dass es auf Ihr Gesicht fällt.",
    ),
    CheckLine.UNCOVER: _Words(
        en="Something covers your face. Please uncover it.",
        es="Algo le tapa la cara. Destápela, por favor.",
        fr="Quelque chose cache votre visage. Découvrez-le, s'il vous plaît.",
        de="Etwas verdeckt Ihr Gesicht. Bitte machen Sie es frei.",
    ),
    CheckLine.BLURRED: _Words(
        en="The picture is blurred. Please wipe the camera and hold still.",
        es="La imagen está borrosa. Limpie la cámara y no se mueva, por favor.",
        fr="L'image est floue. Essuyez la caméra et ne bougez plus, s'il vous plaît.",
        de="Das Bild ist unscharf. Bitte wischen Sie die Kamera ab und halten Sie still.",
    ),
    CheckLine.STEADY: _Words(
        en="Very good. Please stay like that.",
        es="Muy bien. Quédese así, por favor.",
        fr="Très bien. Restez comme ça, s'il vous plaît.",
        de="Sehr gut. Bitte bleiben Sie so.",
    ),
}
