"""Words for the ``read`` challenge: common, far apart in sound, easy for a speech recogniser."""

from vision.liveness.chance import Chance

_WORDS = {
    "en": (
        "apple river window garden yellow seven mountain coffee table summer paper orange winter doctor music silver "
        "purple kitchen morning basket ticket island family rocket planet button castle monkey pencil butter"
    ),
    "de": (
        "Apfel Fenster Garten Kaffee Sommer Winter Zucker Blume Wasser Straße Schule Musik Silber Morgen Insel Familie "
        "Banane Butter Kirche Tasche Zeitung Brücke Wolke Tomate Himmel Koffer Papier Schatten Tiger Lampe"
    ),
    "es": (
        "manzana ventana verano camisa playa música naranja familia montaña libro cocina mañana zapato tomate escuela "
        "amigo blanco guitarra puerta leche semana caballo tigre papel noche fuego ciudad barco jardín plata"
    ),
    "fr": (
        "maison fenêtre jardin soleil musique orange montagne famille école cuisine fromage matin hiver chocolat table "
        "tomate voiture papier banane cheval tigre semaine bateau guitare lampe bureau silence plage forêt village"
    ),
}
LANGUAGES = tuple(_WORDS)


def draw_phrase(chance: Chance, language: str) -> str:
    """Three or four different words in this language (BCP 47; its first part counts), in English where we have none."""
    words = _WORDS.get(language.lower().replace("_", "-").split("-")[0], _WORDS["en"]).split()
    return " ".join(chance.shuffled(words)[: 3 + chance.below(2)])
