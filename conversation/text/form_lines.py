"""What the avatar says at the nodes that are forms: asking, reading back, refusing a value, sending a code."""

from enum import Enum

from conversation.text.language import base_language


class FormLine(Enum):
    """One line; the names in braces are filled in by ``form_line``."""

    ALLOW_DEVICES = "allow_devices"
    ASK_EMAIL = "ask_email"
    ASK_PHONE = "ask_phone"
    CONFIRM_EMAIL = "confirm_email"
    CONFIRM_PHONE = "confirm_phone"
    AGAIN = "again"
    """What was understood is wrong."""
    INVALID_EMAIL = "invalid_email"
    INVALID_PHONE = "invalid_phone"
    CODE_SENT_EMAIL = "code_sent_email"
    CODE_SENT_PHONE = "code_sent_phone"
    ASK_CODE = "ask_code"
    WRONG_CODE = "wrong_code"
    WRONG_CODE_LAST_TRY = "wrong_code_last_try"
    CODE_LENGTH = "code_length"
    CODE_EXPIRED = "code_expired"
    RESEND_LATER = "resend_later"
    RESEND_USED_UP = "resend_used_up"
    RESEND_FAILED = "resend_failed"
    ONE_MOMENT = "one_moment"


YES_OR_NO = "Is that right?"
"""A question, in English, whose answer ends as that of every yes-or-no question does."""


def form_line(line: FormLine, language: str = "en", **values: object) -> str:
    """Return a line in the language of the session, in English where there is none."""
    by_language = _LINES[line]
    return by_language.get(base_language(language), by_language["en"]).format(**values)


_LINES: dict[FormLine, dict[str, str]] = {
    FormLine.ALLOW_DEVICES: {
        "en": "Your browser is asking for permission. Please choose Allow.",
        "es": "Su navegador pide permiso. Elija Permitir, por favor.",
        "fr": "Votre navigateur demande une autorisation. Choisissez Autoriser, s'il vous plaît.",
        "de": "Ihr Browser fragt nach einer Erlaubnis. Bitte wählen Sie Zulassen.",
    },
    FormLine.ASK_EMAIL: {
        "en": "What is your e-mail address? You can say it or type it.",
        "es": "¿Cuál es su correo electrónico? Puede decirlo o escribirlo.",
        "fr": "Quelle est votre adresse e-mail ? Vous pouvez la dire ou l'écrire.",
        "de": "Wie lautet Ihre E-Mail-Adresse? Sie können sie sagen oder eintippen.",
    },
    FormLine.ASK_PHONE: {
        "en": "What is your mobile phone number? You can say it or type it.",
        "es": "¿Cuál es su número de móvil? Puede decirlo o escribirlo.",
        "fr": "Quel est votre numéro de portable ? Vous pouvez le dire ou l'écrire.",
        "de": "Wie lautet Ihre Handynummer? Sie können sie sagen oder eintippen.",
    },
    FormLine.CONFIRM_EMAIL: {
        "en": "I understood {contact}. Is that right?",
        "es": "He entendido {contact}. ¿Es correcto?",
        "fr": "J'ai compris {contact}. C'est bien ça ?",
        "de": "Ich habe {contact} verstanden. Ist das richtig?",
    },
    FormLine.CONFIRM_PHONE: {
        "en": "I understood the number {contact}. Is that right?",
        "es": "He entendido el número {contact}. ¿Es correcto?",
        "fr": "J'ai compris le numéro {contact}. C'est bien ça ?",
        "de": "Ich habe die Nummer {contact} verstanden. Ist das richtig?",
    },
    FormLine.AGAIN: {
        "en": "Sorry about that. Please say it once more, or type it.",
        "es": "Lo siento. Repítalo, por favor, o escríbalo.",
        "fr": "Désolée. Répétez, s'il vous plaît, ou écrivez-le.",
        "de": "Entschuldigung. Bitte sagen Sie es noch einmal oder tippen Sie es ein.",
    },
    FormLine.INVALID_EMAIL: {
        "en": "That doesn't look like a complete e-mail address. Please check it.",
        "es": "No parece un correo electrónico completo. Compruébelo, por favor.",
        "fr": "Cela ne ressemble pas à une adresse e-mail complète. Vérifiez-la, s'il vous plaît.",
        "de": "Das sieht nicht nach einer vollständigen E-Mail-Adresse aus. Bitte prüfen Sie sie.",
    },
    FormLine.INVALID_PHONE: {
        "en": "That doesn't look like a complete phone number. Please check it.",
        "es": "No parece un número de teléfono completo. Compruébelo, por favor.",
        "fr": "Cela ne ressemble pas à un numéro complet. Vérifiez-le, s'il vous plaît.",
        "de": "Das sieht nicht nach einer vollständigen Telefonnummer aus. Bitte prüfen Sie sie.",
    },
    FormLine.CODE_SENT_EMAIL: {
        "en": "I've sent a code of {length} digits to your address at {place}. You can read it to me or type it.",
        "es": "Le he enviado un código de {length} cifras a su correo de {place}. Puede leérmelo o escribirlo.",
        "fr": "J'ai envoyé un code à {length} chiffres à votre adresse {place}. Vous pouvez le lire ou l'écrire.",
        "de": "Ich habe einen Code mit {length} Ziffern an Ihre Adresse bei {place} gesendet. "
        "Sie können ihn vorlesen oder eintippen.",
    },
    FormLine.CODE_SENT_PHONE: {
        "en": "I've sent a code of {length} digits to your number ending in {place}. You can read it to me or type it.",
        "es": "Le he enviado un código de {length} cifras al número que acaba en {place}. Puede leérmelo o escribirlo.",
        "fr": "J'ai envoyé un code à {length} chiffres au numéro finissant par {place}. "
        "Vous pouvez le lire ou l'écrire.",
        "de": "Ich habe einen Code mit {length} Ziffern an Ihre Nummer gesendet, die auf {place} endet. "
        "Sie können ihn vorlesen oder eintippen.",
    },
    FormLine.ASK_CODE: {
        "en": "Could you read me the {length} digits of the code, or type them?",
        "es": "¿Puede leerme las {length} cifras del código, o escribirlas?",
        "fr": "Pouvez-vous me lire les {length} chiffres du code, ou les écrire ?",
        "de": "Können Sie mir die {length} Ziffern des Codes vorlesen oder sie eintippen?",
    },
    FormLine.WRONG_CODE: {
        "en": "That is not the code. You have {left} tries left.",
        "es": "Ese no es el código. Le quedan {left} intentos.",
        "fr": "Ce n'est pas le code. Il vous reste {left} essais.",
        "de": "Das ist nicht der Code. Sie haben noch {left} Versuche.",
    },
    FormLine.WRONG_CODE_LAST_TRY: {
        "en": "That is not the code. You have one try left.",
        "es": "Ese no es el código. Le queda un intento.",
        "fr": "Ce n'est pas le code. Il vous reste un essai.",
        "de": "Das ist nicht der Code. Sie haben noch einen Versuch.",
    },
    FormLine.CODE_LENGTH: {
        "en": "The code has {length} digits. Please read me all of them once more.",
        "es": "El código tiene {length} cifras. Léamelas todas otra vez, por favor.",
        "fr": "Le code a {length} chiffres. Relisez-les-moi tous, s'il vous plaît.",
        "de": "Der Code hat {length} Ziffern. Bitte lesen Sie mir alle noch einmal vor.",
    },
    FormLine.CODE_EXPIRED: {
        "en": "That code is no longer valid. Shall I send you a new one?",
        "es": "Ese código ya no es válido. ¿Le envío uno nuevo?",
        "fr": "Ce code n'est plus valable. Je vous en envoie un nouveau ?",
        "de": "Dieser Code gilt nicht mehr. Soll ich Ihnen einen neuen senden?",
    },
    FormLine.RESEND_LATER: {
        "en": "I can send you another code in {seconds} seconds.",
        "es": "Puedo enviarle otro código dentro de {seconds} segundos.",
        "fr": "Je peux vous envoyer un autre code dans {seconds} secondes.",
        "de": "In {seconds} Sekunden kann ich Ihnen einen anderen Code senden.",
    },
    FormLine.RESEND_USED_UP: {
        "en": "I can't send any more codes. Please use the last one.",
        "es": "No puedo enviar más códigos. Use el último, por favor.",
        "fr": "Je ne peux plus envoyer de code. Utilisez le dernier, s'il vous plaît.",
        "de": "Ich kann keine weiteren Codes senden. Bitte nehmen Sie den letzten.",
    },
    FormLine.RESEND_FAILED: {
        "en": "I couldn't send another code. The last one is still valid.",
        "es": "No he podido enviar otro código. El último sigue siendo válido.",
        "fr": "Je n'ai pas pu envoyer un autre code. Le dernier est toujours valable.",
        "de": "Ich konnte keinen weiteren Code senden. Der letzte gilt noch.",
    },
    FormLine.ONE_MOMENT: {
        "en": "One moment, please.",
        "es": "Un momento, por favor.",
        "fr": "Un instant, s'il vous plaît.",
        "de": "Einen Moment, bitte.",
    },
}
