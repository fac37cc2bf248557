"""What this machine sees with."""

from pathlib import Path

from rtc_server.doctor.report import Check, Outcome
from vision.models.task_file import TaskFileError
from vision.models.tracker_choice import TrackerUnavailable, choose_tracker


def check_face_tracker(wanted: str, models_folder: Path) -> Check:
    """Which engine follows faces here and why; tries it out, which takes a second or two."""
    name = "Face tracker"
    if wanted == "off":
        return Check(name, Outcome.NOT_CHECKED, "switched off (vision.tracker): nobody looks at the camera")
    try:
        choice = choose_tracker(wanted, models_folder / "face-landmarker" / "face_landmarker.task")
    except TaskFileError as error:
        return Check(name, Outcome.PROBLEM, str(error), "run: visavis models pull")
    except TrackerUnavailable as error:
        return Check(name, Outcome.PROBLEM, str(error), "repair that, or set VISAVIS_VISION_TRACKER=auto")
    except ValueError as error:
        return Check(name, Outcome.PROBLEM, str(error), "correct VISAVIS_VISION_TRACKER")
    return Check(name, Outcome.OK, f"{choice.name}: {choice.reason}")
