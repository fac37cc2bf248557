"""What the server tells about itself: failures in the log, without what people said."""
