"""Our own sentences in messages that carry a code, in the languages that the forms speak."""

from dataclasses import dataclass

from conversation.text.language import base_language


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language. Names in braces are filled in."""

    language: str
    """BCP 47."""
    subject: str
    hello: str
    hello_name: str
    code_is: str
    valid: str
    careful: str
    seconds: str
    minutes: str
    appended: str
    """For a template that does not say where the code goes; ``{code}`` is a place for it."""
    sms: str
    sms_company: str

    def duration(self, seconds: float) -> str:
        """How long a code is valid, in words."""
        if seconds < 90:
            return self.seconds.format(count=max(1, round(seconds)))
        return self.minutes.format(count=round(seconds / 60))


def phrases(language: str) -> Phrases:
    """The sentences of a language (BCP 47); English where there are none."""
    return _PHRASES.get(base_language(language), _PHRASES["en"])


_PHRASES = {
    "en": Phrases(
        language="en",
        subject="Your verification code for {company}",
        hello="Hello,",
        hello_name="Hello {name},",
        code_is="Your verification code for {company} is:",
        valid="It is valid for {duration}. Say it or type it where you are being verified.",
        careful="Do not share it with anyone. If you did not ask for it, ignore this message.",
        seconds="{count} seconds",
        minutes="{count} minutes",
        appended="Your code is {code}.",
        sms="{code} is your verification code. It is valid for {duration}. Do not share it.",
        sms_company="{code} is your {company} verification code. It is valid for {duration}. Do not share it.",
    ),
    "de": Phrases(
        language="de",
        subject="Ihr Bestätigungscode für {company}",
        hello="Guten Tag,",
        hello_name="Guten Tag {name},",
        code_is="Ihr Bestätigungscode für {company} lautet:",
        valid="Er gilt {duration}. Sprechen oder tippen Sie ihn dort, wo Sie bestätigt werden.",
        careful="Geben Sie ihn niemandem weiter. Haben Sie ihn nicht angefordert, ist nichts zu tun.",
        seconds="{count} Sekunden",
        minutes="{count} Minuten",
        appended="Ihr Code lautet {code}.",
        sms="{code} ist Ihr Bestätigungscode. Er gilt {duration}. Geben Sie ihn nicht weiter.",
        sms_company="{code} ist Ihr Bestätigungscode für {company}. Er gilt {duration}. Geben Sie ihn nicht weiter.",
    ),
    "es": Phrases(
        language="es",
        subject="Su código de verificación de {company}",
        hello="Hola:",
        hello_name="Hola, {name}:",
        code_is="Su código de verificación de {company} es:",
        valid="Es válido durante {duration}. Dígalo o escríbalo donde se le está verificando.",
        careful="No lo comparta con nadie. Si no lo ha pedido, ignore este mensaje.",
        seconds="{count} segundos",
        minutes="{count} minutos",
        appended="Su código es {code}.",
        sms="{code} es su código de verificación. Es válido durante {duration}. No lo comparta.",
        sms_company="{code} es su código de verificación de {company}. Es válido durante {duration}. No lo comparta.",
    ),
    "fr": Phrases(
        language="fr",
        subject="Votre code de vérification pour {company}",
        hello="Bonjour,",
        hello_name="Bonjour {name},",
        code_is="Votre code de vérification pour {company} est :",
        valid="Il est valable {duration}. Dites-le ou saisissez-le là où vous êtes en cours de vérification.",
        careful="Ne le communiquez à personne. Si vous ne l'avez pas demandé, ignorez ce message.",
        seconds="{count} secondes",
        minutes="{count} minutes",
        appended="Votre code est {code}.",
        sms="{code} est votre code de vérification. Il est valable {duration}. Ne le communiquez à personne.",
        sms_company="{code} est votre code de vérification pour {company}. Il est valable {duration}. "
        "Ne le communiquez à personne.",
    ),
}
