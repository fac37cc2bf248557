"""The passive half of a check on a recorded feed: nothing is asked, nothing is shown. For evaluation on clips."""

from collections.abc import Iterable
from dataclasses import replace

from vision.liveness.conclusion import conclude
from vision.liveness.course import Course
from vision.liveness.flash_show import FlashShow
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record
from vision.liveness.verdict import Verdict
from vision.tracking.observation import Observation
from vision.tracking.quality import LIVENESS, assess


def judge_passively(observations: Iterable[Observation], policy: LivenessPolicy) -> Verdict:
    """The verdict on all of a clip, oldest frame first, however short it is.

    The times in a file are those of its making, so the timing of frames is not checked.
    """
    plan, record = Plan("liveness"), Record(policy)
    for observation in (replace(item, media_at=None) for item in observations):
        record.add(observation, usable=assess(observation, LIVENESS).usable, asked=False)
    return conclude("complete", plan, policy, record, Course(plan, policy, record), FlashShow(plan, policy), ())
