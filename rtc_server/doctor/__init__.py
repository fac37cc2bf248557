"""Is this machine ready for sessions? Small checks, each with what to do about it."""

from rtc_server.doctor.commands import Subject, add_parser, diagnose, subject_of
from rtc_server.doctor.report import Check, Outcome

__all__ = ["Check", "Outcome", "Subject", "add_parser", "diagnose", "subject_of"]
