"""The document scan of a session: frames and stills in, guidance and a report out."""
