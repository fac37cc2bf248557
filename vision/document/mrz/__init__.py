"""The machine-readable zone of travel documents (ICAO Doc 9303): formats, check digits, repair. Pure."""
