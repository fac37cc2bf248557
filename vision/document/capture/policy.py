"""Every threshold of capturing a document; seconds unless it says otherwise. *Judgement* = not fitted to anything."""

from dataclasses import dataclass, field

from vision.tracking.advice import AdvicePolicy


@dataclass(frozen=True, slots=True)
class CapturePolicy:
    """How a scan goes, and which frames are worth a picture."""

    # The frame
    coverage: float = 0.18
    """Share of the frame that a document covers at least: an ID-1 card then is about half as wide as the frame. At
    1,280 px the characters of its machine-readable zone are then 20 px apart; the reader needs about 12."""
    coverage_most: float = 0.97
    """Share above which it is too near to be seen whole. Judgement."""
    sharpness: float = 0.35
    """Of ``DocumentFrame.sharpness``. Of lines of 44 characters across a drawn page, nothing is read below it; careful
    photographs have 0.6 to 0.9."""
    glare: float = 0.04
    """Share that may be burnt out: a reflection over a fifth of a line of print is about this. Judgement."""
    brightness_least: float = 0.18
    brightness_most: float = 0.9
    """Mean luminance. Judgement: a card in candle light, and one whose paper is burnt out all over; white paper with
    print has up to 0.87 when it is exposed well."""
    shadow: float = 0.75
    """Unevenness of the lighting. Judgement: an arm's shadow over half a card is about 0.5, and is read through."""
    slant: float = 1.35
    """Longest by shortest of opposite sides; a card tilted by 45° at arm's length is about 1.4. Judgement."""
    motion: float = 0.12
    """Way of the corners per second, in widths of the frame; a hand at rest stays below 0.05. Judgement."""
    clearly_inside: float = 0.12
    """Share by which a value must be better than its limit before its advice goes away. Judgement."""

    # The shutter
    steady_seconds: float = 0.6
    """Good frames so long before a picture is taken. Judgement: long enough to have stopped moving."""
    patience_seconds: float = 5.0
    """Frames so long with nothing wrong but the light before a picture is taken all the same: it may be readable, and
    nobody is to be asked for ever for what they cannot change. Judgement."""
    retry_seconds: float = 1.5
    """From a picture that was of no use to the next, so that the person can do something. Judgement."""
    speaking_seconds: float = 8.0
    """Longest wait for the end of an instruction before the next picture all the same. Judgement."""
    absent_seconds: float = 0.6
    """A document away so long was turned over, or changed for another one. Judgement."""
    turn_bits: int = 20
    """Bits of the fingerprint, of 64, by which the other side differs at least. Fronts and backs of drawn specimens
    differ by 28 to 32, photographs of one side by 0 to 7, where its outline is found."""
    turn_seconds: float = 8.0
    """After this long any good frame is taken for the other side; its picture tells. Judgement."""

    # The end
    pictures_limit: int = 24
    """Pictures of one scan at most, count."""
    failures_limit: int = 3
    """Pictures in a row that the reader could not look at, count; past it the scan was no check."""
    refusals_limit: int = 2
    """Documents that were read and may not be taken before the scan ends, count: the first may be a mistake."""

    advice: AdvicePolicy = field(default_factory=AdvicePolicy)
