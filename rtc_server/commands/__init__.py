"""The sub-commands of ``visavis``."""
