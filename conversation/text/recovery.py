"""What the avatar says when a turn went wrong: nothing heard, nothing understood, nobody there."""

from enum import Enum

from conversation.text.language import base_language


class Recovery(Enum):
    """One step of the ladder that leads a stalled conversation back, or to its end."""

    NOT_CAUGHT = "not_caught"
    """Speech was heard but not understood."""
    REPEAT = "repeat"
    """A lead-in; the question follows unchanged."""
    REPHRASE = "rephrase"
    """A lead-in; the question follows in other words."""
    OFFER_TYPING = "offer_typing"
    """Speaking does not work; the text field does."""
    STILL_THERE = "still_there"
    """Long silence."""
    FAREWELL = "farewell"
    """The avatar gives up, kindly."""


def wording(recovery: Recovery, variant: int = 0, language: str = "en") -> str:
    """Return one wording; ``variant`` (any integer) picks it, so that a repeated step does not sound the same twice."""
    by_language = _WORDINGS[recovery]
    wordings = by_language.get(base_language(language), by_language["en"])
    return wordings[variant % len(wordings)]


_WORDINGS: dict[Recovery, dict[str, tuple[str, ...]]] = {
    Recovery.NOT_CAUGHT: {
        "en": (
            "Sorry, I didn't quite catch that.",
            "I'm sorry, I didn't get that.",
            "Sorry, that wasn't clear to me.",
        ),
        "es": ("Perdón, no le he entendido bien.", "Lo siento, no lo he captado.", "Disculpe, no me ha quedado claro."),
        "fr": (
            "Pardon, je n'ai pas bien compris.",
            "Désolée, je n'ai pas saisi.",
            "Excusez-moi, ce n'était pas clair pour moi.",
        ),
        "de": (
            "Entschuldigung, das habe ich nicht ganz verstanden.",
            "Das habe ich leider nicht mitbekommen.",
            "Verzeihung, das war für mich nicht klar.",
        ),
    },
    Recovery.REPEAT: {
        "en": ("Let me ask again.", "Here is the question once more.", "I'll repeat the question."),
        "es": ("Se lo pregunto otra vez.", "Repito la pregunta."),
        "fr": ("Je vous repose la question.", "Je répète la question."),
        "de": ("Ich frage noch einmal.", "Hier noch einmal die Frage."),
    },
    Recovery.REPHRASE: {
        "en": ("Let me put it another way.", "Let me ask that differently.", "In other words:"),
        "es": ("Se lo pregunto de otra manera.", "Dicho de otro modo:"),
        "fr": ("Je le demande autrement.", "Autrement dit :"),
        "de": ("Ich frage einmal anders.", "Anders gesagt:"),
    },
    Recovery.OFFER_TYPING: {
        "en": (
            "If speaking is difficult right now, you can type your answer below.",
            "You can also type your answer in the text field.",
            "If you prefer, please type it instead.",
        ),
        "es": ("Si le cuesta hablar ahora, puede escribir la respuesta abajo.", "También puede escribir su respuesta."),
        "fr": (
            "S'il est difficile de parler, vous pouvez écrire votre réponse ci-dessous.",
            "Vous pouvez aussi taper votre réponse.",
        ),
        "de": (
            "Wenn Sprechen gerade schwierig ist, können Sie Ihre Antwort unten eintippen.",
            "Sie können Ihre Antwort auch eintippen.",
        ),
    },
    Recovery.STILL_THERE: {
        "en": ("Are you still there?", "Can you hear me?", "I can't hear you. Are you still with me?"),
        "es": ("¿Sigue ahí?", "¿Me oye?"),
        "fr": ("Vous êtes toujours là ?", "Vous m'entendez ?"),
        "de": ("Sind Sie noch da?", "Können Sie mich hören?"),
    },
    Recovery.FAREWELL: {
        "en": (
            "I'm sorry, we don't seem to get any further right now. Thank you for your time, and goodbye.",
            "I'm afraid I have to stop here. Please try again later. Goodbye.",
        ),
        "es": ("Lo siento, ahora mismo no podemos continuar. Gracias por su tiempo. Adiós.",),
        "fr": ("Je suis désolée, nous ne pouvons pas continuer pour le moment. Merci et au revoir.",),
        "de": ("Es tut mir leid, wir kommen gerade nicht weiter. Danke für Ihre Zeit, auf Wiedersehen.",),
    },
}
