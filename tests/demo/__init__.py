"""The sample partner of ``visavis demo``."""
