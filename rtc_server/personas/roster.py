"""Who there is. Shapes are sums of targets of the base mesh; colours are sRGB."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Gender = Literal["female", "male"]
HairStyle = Literal["long", "bob", "short", "neat", "waves", "curls"]
Neckline = Literal["jacket", "roll", "crew", "blouse", "shirt"]
Cloth = Literal["knit", "cotton", "wool", "silk"]


@dataclass(frozen=True, slots=True)
class Skin:
    """Colours of a face."""

    colour: str
    lips: str
    flush: str
    """Where blood shows: cheeks, nose, ears."""
    flush_share: float
    roughness: float
    stubble: float = 0.0
    """How dark the beard is where it grows, 0 to 1."""
    age: float = 0.0
    """0 to 1: spots and a less even tone."""


@dataclass(frozen=True, slots=True)
class Hair:
    """Hair of the head, and of the brows."""

    style: HairStyle
    root: str
    tip: str
    shine: float
    brow: str
    brow_weight: float
    """How thick the brows are; 1 = usual."""
    grey: float = 0.0
    """Share of grey strands."""


@dataclass(frozen=True, slots=True)
class Garment:
    """What they wear."""

    neckline: Neckline
    cloth: Cloth
    colour: str
    second: str = ""
    """Of what shows beneath, or of the collar."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the avatars."""

    id: str
    name: str
    gender: Gender
    skin: Skin
    iris: str
    hair: Hair
    garment: Garment
    macro: Mapping[str, float]
    """Whole-body target → share: origin, sex and age together, build."""
    local: Mapping[str, float]
    """Target of one feature → share."""
    background: tuple[str, str] = ("#e9efe9", "#cdd9d2")
    voices: Mapping[str, str] = field(default_factory=dict)
    """Engine → voice, where an engine has several."""


def _both(name: str, share: float, other: float | None = None) -> dict[str, float]:
    """A target of the left and the right side; a little apart, as faces are."""
    folder, target = name.split("/")
    return {f"{folder}/l-{target}": share, f"{folder}/r-{target}": share * 0.94 if other is None else other}


AVA = Persona(
    id="ava",
    name="Ava",
    gender="female",
    skin=Skin("#e3ac8c", "#c0605c", "#d8644e", 0.34, 0.5),
    iris="#6d4526",
    hair=Hair("long", "#4a2b1b", "#6e4630", 0.55, "#4f3224", 0.65),
    garment=Garment("jacket", "wool", "#1f5b4e", "#f1e7d8"),
    macro={
        "caucasian-female-young": 1.0,
        "universal-female-young-averagemuscle-averageweight": 1.0,
    },
    local={
        "mouth/mouth-angles-up": 0.35,
        "head/head-oval": 0.35,
        "nose/nose-scale-horiz-decr": 0.25,
        "nose/nose-point-up": 0.15,
        "mouth/mouth-upperlip-volume-incr": 0.25,
        "mouth/mouth-lowerlip-volume-incr": 0.2,
        **_both("eyes/eye-scale-incr", 0.25),
        **_both("cheek/cheek-bones-incr", 0.2),
    },
    voices={"hibari": "heart", "openai": "nova"},
)

LEO = Persona(
    id="leo",
    name="Leo",
    gender="male",
    skin=Skin("#b27a55", "#94564a", "#a8452f", 0.26, 0.55, stubble=0.8),
    iris="#4a2c18",
    hair=Hair("short", "#1d1412", "#32241f", 0.15, "#1b1210", 1.15),
    garment=Garment("crew", "knit", "#b55a34"),
    macro={
        "caucasian-male-young": 0.55,
        "african-male-young": 0.45,
        "universal-male-young-averagemuscle-averageweight": 1.0,
    },
    local={
        "mouth/mouth-angles-up": 0.35,
        "head/head-square": 0.2,
        "nose/nose-scale-horiz-incr": 0.15,
        "chin/chin-width-incr": 0.2,
        **_both("eyes/eye-scale-incr", 0.15),
        "forehead/forehead-scale-vert-decr": 0.2,
    },
    voices={"hibari": "heart-tenor", "openai": "onyx"},
)

AMARA = Persona(
    id="amara",
    name="Amara",
    gender="female",
    skin=Skin("#7a4a30", "#7c3833", "#8a3526", 0.3, 0.6),
    iris="#3a2113",
    hair=Hair("curls", "#1a1210", "#2f211d", 0.12, "#130c0a", 0.7),
    garment=Garment("roll", "knit", "#b95d38"),
    macro={"african-female-young": 1.0, "universal-female-young-averagemuscle-averageweight": 1.0},
    local={
        "mouth/mouth-angles-up": 0.35,
        "head/head-oval": 0.4,
        **_both("cheek/cheek-bones-incr", 0.35),
        **_both("eyes/eye-scale-incr", 0.3),
        "nose/nose-scale-horiz-decr": 0.2,
        "mouth/mouth-scale-horiz-incr": 0.1,
    },
    voices={"hibari": "heart-bright", "openai": "shimmer"},
)

KENJI = Persona(
    id="kenji",
    name="Kenji",
    gender="male",
    skin=Skin("#d8a67e", "#a8665a", "#c96f52", 0.22, 0.52, stubble=0.18, age=0.45),
    iris="#2f1d12",
    hair=Hair("neat", "#141214", "#252326", 0.5, "#1b1718", 1.0, grey=0.16),
    garment=Garment("jacket", "wool", "#22334f", "#e4e1da"),
    macro={
        "asian-male-young": 0.6,
        "asian-male-old": 0.4,
        "universal-male-young-averagemuscle-averageweight": 0.6,
        "universal-male-old-averagemuscle-averageweight": 0.4,
    },
    local={
        "mouth/mouth-angles-up": 0.35,
        "head/head-rectangular": 0.25,
        "chin/chin-width-incr": 0.15,
        "nose/nose-hump-incr": 0.1,
        **_both("eyes/eye-height2-incr", 0.5),
    },
    voices={"hibari": "heart-baritone", "openai": "echo"},
)

SOFIA = Persona(
    id="sofia",
    name="Sofia",
    gender="female",
    skin=Skin("#deae90", "#b3625b", "#d0664f", 0.32, 0.52, age=0.75),
    iris="#565c34",
    hair=Hair("bob", "#83868a", "#abaeb1", 0.45, "#6f665f", 0.65),
    garment=Garment("blouse", "silk", "#86a8c9"),
    macro={
        "caucasian-female-young": 0.45,
        "caucasian-female-old": 0.55,
        "universal-female-young-averagemuscle-averageweight": 0.45,
        "universal-female-old-averagemuscle-averageweight": 0.55,
    },
    local={
        "mouth/mouth-angles-up": 0.35,
        "head/head-round": 0.2,
        "nose/nose-hump-incr": 0.2,
        **_both("cheek/cheek-volume-incr", 0.25),
    },
    voices={"hibari": "heart-warm", "openai": "coral"},
)

RAVI = Persona(
    id="ravi",
    name="Ravi",
    gender="male",
    skin=Skin("#a9744c", "#8d5145", "#a24a30", 0.24, 0.54, stubble=0.9),
    iris="#3f2616",
    hair=Hair("waves", "#17100f", "#2a1f1c", 0.6, "#150e0d", 1.2),
    garment=Garment("shirt", "cotton", "#70836f"),
    macro={
        "caucasian-male-young": 0.6,
        "asian-male-young": 0.15,
        "african-male-young": 0.25,
        "universal-male-young-averagemuscle-averageweight": 1.0,
    },
    local={
        "mouth/mouth-angles-up": 0.35,
        "head/head-oval": 0.3,
        "nose/nose-hump-incr": 0.25,
        "nose/nose-point-down": 0.15,
        **_both("eyes/eye-scale-incr", 0.25),
    },
    voices={"hibari": "heart-tenor", "openai": "ash"},
)

PERSONAS: Mapping[str, Persona] = {persona.id: persona for persona in (AVA, LEO, AMARA, KENJI, SOFIA, RAVI)}
"""By id."""
