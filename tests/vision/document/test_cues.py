"""Signs over all pictures of a document."""

from tests.vision.document.pictures import reading
from vision.document.cues import cues_of, is_recaptured
from vision.liveness.verdict import Cue, CueState


def cue(name: str, state: CueState) -> Cue:
    return Cue(name, state, None, "")


def test_one_cue_of_each_name_and_the_gravest() -> None:
    readings = [
        reading(0, cues=(cue("document_screen", "supports"), cue("document_portrait", "not_checked"))),
        reading(1, cues=(cue("document_screen", "against"),)),
        reading(2, cues=(cue("document_screen", "neutral"),)),
    ]
    assert cues_of(readings) == (cue("document_portrait", "not_checked"), cue("document_screen", "against"))


def test_only_signs_of_recapture_tell_a_recapture() -> None:
    assert is_recaptured([cue("document_screen", "against")])
    assert not is_recaptured([cue("document_portrait", "against"), cue("document_screen", "not_checked")])
