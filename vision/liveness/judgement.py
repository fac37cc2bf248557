"""From the cues to a verdict: vetoes first, then what is missing, then the weighted sum of what was checked."""

from collections.abc import Collection, Mapping, Sequence

from vision.liveness.policy import LivenessPolicy
from vision.liveness.verdict import ChallengeResult, Cue, Outcome

ATTACKS = ("pad_texture", "pad_static", "pad_loop", "pad_parallax", "identity_change")
"""Against: an attack, whatever else was seen."""
OBSTACLES = ("pad_challenge", "pad_lips", "more_than_one_face", "track_change")
"""Against: nobody passes, but it is no proof of an attack either; somebody may not have understood, or passed by."""
SUSPICIONS = ("injection_camera", "injection_timing", "injection_repeats")
"""Against: the feed may be injected, unless the skin reflects the colours of the screen."""


def fused_score(cues: Collection[Cue], policy: LivenessPolicy) -> float | None:
    """Support for a live person, 0 to 1: weighted mean over the cues that were checked.

    None when none of them says anything about who it is; that something moves is not enough.
    """
    weights = {
        "pad_texture": policy.texture_weight,
        "pad_challenge": policy.challenge_weight,
        "pad_flash": policy.flash_weight,
        "pad_motion": policy.motion_weight,
    }
    checked = [cue for cue in cues if cue.name in weights and cue.state != "not_checked"]
    total = sum(weights[cue.name] for cue in checked)
    if total <= 0 or all(cue.name == "pad_motion" for cue in checked):
        return None
    return round(sum(weights[cue.name] * _support(cue) for cue in checked) / total, 4)


def _support(cue: Cue) -> float:
    """Texture and challenges count by their value, the others by their state."""
    if cue.name in ("pad_texture", "pad_challenge") and cue.value is not None:
        return min(1.0, max(0.0, cue.value))
    return {"supports": 1.0, "against": 0.0}.get(cue.state, 0.5)


def judge(
    cues: Collection[Cue], score: float | None, results: Sequence[ChallengeResult], policy: LivenessPolicy
) -> tuple[Outcome, tuple[str, ...]]:
    """Outcome and the names of the cues that decided; ``results``: of every challenge that was set."""
    states = {cue.name: cue.state for cue in cues}
    against = [name for name, state in states.items() if state == "against"]
    attacks = tuple(name for name in against if name in ATTACKS)
    if attacks:
        return "attack", attacks
    suspicions = tuple(name for name in against if name in SUSPICIONS)
    reflected = states.get("pad_flash") == "supports"
    if suspicions and not reflected and policy.suspicion != "allow":
        return policy.suspicion, (*suspicions, "pad_flash")
    obstacles = tuple(name for name in against if name in OBSTACLES)
    if obstacles:
        return "inconclusive", obstacles
    carriers = _carriers(states, results, bool(suspicions), policy)
    if not carriers or score is None or score < policy.bona_fide_score:
        weak = tuple(name for name in ("pad_texture", "pad_challenge") if states.get(name) != "supports")
        return "inconclusive", carriers or weak
    supporting = tuple(name for name in ("pad_flash", "pad_motion") if states.get(name) == "supports")
    return "bona_fide", (*carriers, *supporting)


def _carriers(
    states: Mapping[str, str], results: Sequence[ChallengeResult], suspected: bool, policy: LivenessPolicy
) -> tuple[str, ...]:
    """The cues that are strong enough to carry a verdict. The flash is none: paper and screens reflect as well.

    Challenges carry it alone only when each was done at the first go: a recording may do some of them by chance.
    """
    texture = states.get("pad_texture", "not_checked")
    challenge = states.get("pad_challenge") == "supports"
    if texture == "supports":
        return ("pad_texture", "pad_challenge") if challenge else ("pad_texture",)
    unchecked = texture == "not_checked" and (policy.require_texture or suspected)
    flawless = len(results) >= policy.carrying_challenges and all(result.passed for result in results)
    if challenge and flawless and not unchecked:
        return ("pad_challenge",)
    return ()
