"""The evidence of a check, cue by cue: what was measured, what it says, and in words why."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from vision.liveness.course import Course
from vision.liveness.flash import FlashResponse
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record
from vision.liveness.verdict import Cue, CueState
from vision.tracking.observation import Observation


def texture(record: Record, policy: LivenessPolicy) -> Cue:
    """Median of the passive model's scores, over well-placed faces where there are enough of them."""
    scored = _scored(record.usable)
    if not _enough(scored, policy):
        scored = _scored(record.observations)
    if not scored:
        return Cue("pad_texture", "not_checked", None, "no model has looked at the skin")
    if not _enough(scored, policy):
        return Cue("pad_texture", "not_checked", None, f"only {len(scored)} frames were scored")
    value = median(score for _, score in scored)
    state = graded(value, policy.texture_attack, policy.texture_bona_fide)
    return Cue("pad_texture", state, round(value, 4), f"median {value:.2f} over {len(scored)} frames")


def graded(value: float, against: float, supports: float) -> CueState:
    """What a value says that is the better the higher it is: against below one limit, for it from another on."""
    return "against" if value < against else "supports" if value >= supports else "neutral"


def models_done(record: Record, policy: LivenessPolicy) -> bool:
    """Whether the models have seen enough for a verdict, or there are none: scores, and who the last face is."""
    scored = _scored(record.observations)
    compared = any(item.likeness is not None for item in record.observations)
    settled = not compared or unknown_share(record, policy) <= policy.unknown_share
    return settled and (not scored or _enough(scored, policy))


def _scored(observations: list[Observation]) -> list[tuple[float, float]]:
    return [(item.at, item.texture) for item in observations if item.texture is not None]


def _enough(scored: list[tuple[float, float]], policy: LivenessPolicy) -> bool:
    return len(scored) >= policy.texture_frames and scored[-1][0] - scored[0][0] >= policy.texture_seconds


def challenges(plan: Plan, course: Course) -> Cue:
    """Whether the person did what was asked; one failure may have been made good by the spare."""
    if not plan.challenges:
        return Cue("pad_challenge", "not_checked", None, "nothing was asked")
    if not course.results:
        return Cue("pad_challenge", "not_checked", None, "the check ended before anything was asked")
    passed = sum(result.passed for result in course.results)
    share = min(1.0, passed / len(plan.challenges))
    told = ", ".join(f"{result.kind} {'passed' if result.passed else 'failed'}" for result in course.results)
    return Cue("pad_challenge", "supports" if share == 1.0 else "against", round(share, 4), told)


def lips(plan: Plan, course: Course) -> Cue:
    """Whether the mouth moved with the voice when the phrase was read."""
    reasons = {
        "agree": "the mouth moves with the voice",
        "disagree": "there is a voice while the mouth rests",
        "unclear": "the mouth moves as much without the voice",
        "not_checked": "nobody was heard reading" if "read" in plan.challenges else "nothing was to be read",
    }
    states: dict[str, CueState] = {"agree": "supports", "disagree": "against", "unclear": "neutral"}
    return Cue("pad_lips", states.get(course.lips, "not_checked"), None, reasons[course.lips])


def flash(response: FlashResponse | None, why_not: str, policy: LivenessPolicy) -> Cue:
    """Whether the skin reflected the colours of the screen. None is normal in bright light, so it is neutral."""
    if response is None:
        return Cue("pad_flash", "not_checked", None, why_not)
    seen = response.chance <= policy.flash_chance
    told = (
        f"correlation {response.correlation:.2f} after {response.lag_seconds:.2f} s, modulation "
        f"{response.modulation * 100:.1f} %, by chance in {response.chance * 100:.1f} % of sequences"
    )
    return Cue("pad_flash", "supports" if seen else "neutral", round(response.correlation, 4), told)


def parallax(record: Record, policy: LivenessPolicy) -> Cue:
    """Whether a turned head shows depth. A video of a head has depth too, so depth is no more than a hint."""
    values = [view.face.parallax for view in record.views if _turned(view.face.yaw, record, policy)]
    measured = [value for value in values if value is not None]
    if len(measured) < policy.response_frames:
        return Cue("pad_parallax", "not_checked", None, "the head was not turned far enough")
    value = median(measured)
    state = graded(value, policy.flat_parallax, policy.deep_parallax)
    told = {"against": "is flat like a picture", "supports": "has depth", "neutral": "is shallow"}[state]
    return Cue("pad_parallax", state, round(value, 4), f"the turned head {told}: {value:.2f} eye distances")


def _turned(yaw: float, record: Record, policy: LivenessPolicy) -> bool:
    return abs(yaw - record.front) >= policy.turn_degrees


def more_faces(record: Record, policy: LivenessPolicy) -> Cue:
    """Whether a second person stayed in the picture."""
    faces = [item for item in record.observations if item.faces > 0]
    if not faces:
        return Cue("more_than_one_face", "not_checked", None, "no face was seen")
    share = sum(item.faces > 1 for item in faces) / len(faces)
    seconds = sum(
        min(after.at - before.at, policy.frame_gap_seconds) for before, after in pairwise(faces) if after.faces > 1
    )
    crowd = share >= policy.more_faces_share and seconds >= policy.more_faces_seconds
    told = f"a second face in {share * 100:.0f} % of the frames, for {seconds:.1f} s"
    return Cue("more_than_one_face", "against" if crowd else "supports", round(share, 4), told)


def identity(record: Record, policy: LivenessPolicy) -> Iterator[Cue]:
    """Whether it was the same person all the time: by comparison where there was one, and by the tracker.

    Likeness is to the first view of the session; who was another person then already has not changed in the check.
    """
    likenesses = [item.likeness for item in record.observations if item.likeness is not None]
    alike = [value >= policy.same_likeness for value in likenesses]
    swapped = any(alike) and _longest(not same for same in alike) >= policy.likeness_frames
    if not likenesses:
        yield Cue("identity_change", "not_checked", None, "no model compares faces")
    elif not any(alike):
        told = "the same person, but not the one who was seen first in the session"
        yield Cue("identity_change", "neutral", round(max(likenesses), 4), told)
    else:
        told = f"similarity to the first view at least {min(likenesses):.2f} over {len(likenesses)} frames"
        yield Cue("identity_change", "against" if swapped else "supports", round(min(likenesses), 4), told)
    tracks = [item.track for item in record.observations if item.face is not None]
    changes = [index for index, (before, after) in enumerate(pairwise(tracks)) if before != after]
    if not tracks:
        yield Cue("track_change", "not_checked", None, "no face was seen")
    elif not changes:
        yield Cue("track_change", "supports", 0.0, "the face was followed without a break")
    elif not swapped and unknown_share(record, policy) <= policy.unknown_share:
        yield Cue("track_change", "neutral", float(len(changes)), "lost and found again; it is the same person")
    else:
        yield Cue("track_change", "against", float(len(changes)), "another face may have taken the place of the first")


def unknown_share(record: Record, policy: LivenessPolicy) -> float:
    """Share of the views that belong to a face that was never found to be the first one."""
    seen = [item for item in record.observations if item.face is not None]
    known = {item.track for item in seen if item.likeness is not None and item.likeness >= policy.same_likeness}
    return sum(item.track not in known for item in seen) / len(seen) if seen else 0.0


def _longest(flags: Iterator[bool]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest
