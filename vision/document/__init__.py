"""Identity documents: what their pictures say, made into one document with evidence. Pure."""
