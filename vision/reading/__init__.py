"""Pictures of documents into readings: finding, straightening, text, codes, portrait, signs of re-capture."""
