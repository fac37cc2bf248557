"""Every threshold of a check, with its unit and where it comes from. Seconds unless the name says otherwise.

Sources: *measured* and *first study* = on the clips that docs/liveness.md describes; *judgement* = ours, not fitted to
anything.
"""

from dataclasses import dataclass
from typing import Literal

Suspicion = Literal["inconclusive", "attack", "allow"]


@dataclass(frozen=True, slots=True)
class LivenessPolicy:
    """How a check goes, and what its evidence is worth."""

    version: str = "2026-11"
    """Written into each verdict; another number whenever a default below changes."""

    # Course
    minimum_seconds: float = 10.0
    """Feed of a usable face before a liveness verdict, the seconds before the check included: two rounds of a loop of
    five seconds. The contract (§3.5, rule 4) wants five at least."""
    framing_seconds: float = 0.6
    """A usable face this long before anything is asked. Judgement."""
    no_media_seconds: float = 10.0
    """Without any frame for this long the check ends as ``no_media``. Judgement: a camera prompt takes seconds."""
    no_face_seconds: float = 20.0
    """Frames without any face since the start for this long end the check as ``no_face``. Judgement."""
    frame_gap_seconds: float = 0.5
    """A longer gap between two frames counts only this much as feed. Judgement: the slowest feed has 5 fps."""
    speaking_seconds: float = 8.0
    """Longest wait for the end of an instruction before the person's time begins all the same. Judgement."""
    settle_seconds: float = 0.8
    """Pause before each challenge, in which the person's own baseline is taken. Judgement."""
    settle_limit_seconds: float = 4.0
    """Longest wait for the head to come back to the front and rest. Judgement."""
    settle_degrees: float = 12.0
    """Yaw within which the head counts as back at the front. Judgement."""
    steady_degrees: float = 6.0
    """Span of yaw over the pause within which the head is still; a video of a head that turns all the time is not.
    Judgement: people who sit still stay within 4."""
    collecting_seconds: float = 4.0
    """Longest wait for scores of the texture model, and in a liveness check for portraits, when all else is there.
    Judgement."""
    flash_wait_seconds: float = 15.0
    """Longest wait for the page's answer beyond the sequence itself: it shows a warning first. Judgement."""
    frames_limit: int = 4000
    """Frames that are kept at most, count. 60 s at 15 fps and a long history are 1,200."""

    # Challenges
    turn_seconds: float = 6.0
    """Time for a turn of the head, after the instruction. Judgement; so are the four below."""
    blink_seconds: float = 5.0
    smile_seconds: float = 6.0
    closer_seconds: float = 7.0
    read_seconds: float = 10.0
    earliest_response: float = 0.25
    """Nothing counts before this time after the instruction has appeared: nobody reacts faster. Human reaction time."""
    baseline_seconds: float = 1.2
    """Time before an instruction whose median is the person's baseline. First study: about a second."""
    habit_seconds: float = 4.0
    """Time before an instruction whose extremes a response must clearly exceed. Judgement: a turn of the head and back
    takes two or three."""
    habit_share: float = 0.4
    """By how much, as a share of the goal. Judgement."""
    response_frames: int = 2
    """Frames in a row that must show a response, count; one may be a misread landmark. Judgement."""
    turn_degrees: float = 20.0
    """Turn from the baseline to the named side. Measured: a tilted photo spans 5 to 12 degrees."""
    wrong_turn_degrees: float = 15.0
    """Turn to the other side that fails the challenge. Judgement."""
    blink_longest: float = 2.0
    """Longest closure of the eyes; the instruction says "for a moment", and that takes longer than a blink does by
    itself. Judgement."""
    smile_rise: float = 0.4
    """Rise of the smile blendshape, 0 to 1. First study."""
    approach_ratio: float = 1.25
    """Growth of the distance between the eyes. Judgement."""
    read_share: float = 2 / 3
    """Share of the phrase's words that must be heard, in order. Judgement: a recogniser misses one in four."""
    lips_opening: float = 0.015
    """Standard deviation of the mouth's opening while speaking, in eye distances; less = closed lips. Judgement."""
    lips_ratio: float = 1.8
    """That, against the same while silent, that counts as lips moving with the voice. Judgement."""

    # Texture
    texture_frames: int = 8
    """Scored frames that a median needs, count. First study; so are the three below."""
    texture_seconds: float = 2.0
    """Time that they must span."""
    texture_attack: float = 0.5
    """Median below this is an attack, 0 to 1. Measured: worst replay 0.46, worst bona fide 0.81."""
    texture_bona_fide: float = 0.6
    """Median from here on speaks for a person, 0 to 1."""

    # Flash
    flash_symbols: int = 12
    """Colours of a sequence, count; raised to a multiple of four. More = fewer chance hits."""
    flash_symbol_ms: int = 400
    """How long each is shown, milliseconds. WCAG 2.3.1 allows three flashes a second; this changes 2.5 times."""
    flash_settle_seconds: float = 0.1
    """Beginning of each colour that is not looked at: exposure of the frame, white balance. Judgement."""
    flash_lag_seconds: float = 0.6
    """Longest delay from screen to frame. Judgement: display, camera, network."""
    flash_chance: float = 0.01
    """Share of sequences without any reflection that would pass by chance. Judgement."""
    flash_permutations: int = 299
    """Shuffled sequences that estimate that chance, count."""

    # Motion
    still_sway: float = 0.02
    """Wandering of the face's place below which a picture is still, eye distances. Measured (docs/seeing.md): stills
    up to 0.013, persons from 0.09."""
    still_wobble_degrees: float = 0.6
    """Wandering of its pose below which it is. Measured: stills up to 0.4, persons from 2.6."""
    live_wobble_degrees: float = 1.0
    """The same from which it speaks for a person. Judgement, between the two: nobody was measured sitting still."""
    still_seconds: float = 4.0
    """Feed that it takes to call a picture still. First study: more than 2 s; a person blinks every 3 to 5."""
    still_share: float = 0.9
    """Share of exactly repeated frames that makes a frozen feed. Judgement."""
    motion_seconds: float = 2.0
    """Feed before motion says anything. First study."""
    examined_seconds: float = 20.0
    """Last part of the feed that is searched for loops and repeats. Judgement: bounds the time it takes."""
    loop_share: float = 0.45
    """Share of moments that come again after one period that makes a loop: halfway. Measured: loops from 0.7, through a
    call from 0.65; persons to 0.2."""
    loop_chance: float = 0.3
    """The same at any other distance in time, above which nothing moves enough to tell. Judgement."""
    flat_parallax: float = 0.08
    """Depth signal of a turned head below which the picture is flat, eye distances. Measured: heads 0.18 to 0.31."""
    deep_parallax: float = 0.14
    """The same from which it has depth."""

    # Feed
    camera_jitter_ms: float = 0.05
    """Deviation of frames from their beat below which no camera made them, milliseconds; the clock of RTP ticks every
    0.011. Judgement: cameras are off by a millisecond or more."""
    repeats_share: float = 0.2
    """Share of exactly repeated frames that raises suspicion. Judgement."""
    frozen_seconds: float = 3.0
    """Run of exactly repeated frames that does. Judgement."""

    # Persons
    same_likeness: float = 0.5
    """Similarity to the first view below which it is another person, 0 to 1: the middle of the model's curve."""
    likeness_frames: int = 2
    """Compared frames in a row below it, count. Judgement."""
    unknown_share: float = 0.2
    """Share of the views of a face that was lost and found again, and not compared since. Judgement."""
    more_faces_share: float = 0.2
    """Share of frames with a second face that makes the check unclear. Judgement."""
    more_faces_seconds: float = 1.0
    """And at least this long. Judgement: somebody passes by."""

    # Verdict
    texture_weight: float = 0.40
    """Weights of the fusion, shared out over the cues that were checked. First study, judgement."""
    challenge_weight: float = 0.35
    flash_weight: float = 0.15
    motion_weight: float = 0.10
    bona_fide_score: float = 0.70
    """Fused support from which the verdict is ``bona_fide``, 0 to 1. Judgement."""
    require_texture: bool = False
    """Whether nobody passes without a texture model."""
    carrying_challenges: int = 2
    """Challenges done without a failure that can carry a verdict without texture, count. Judgement."""
    suspicion: Suspicion = "inconclusive"
    """Verdict when something points to an injected feed and no reflection of the colours was seen."""
