"""One task per session: mailbox, machines, effects, journal."""
