"""Alerts: rules, wishes, sending, the watch over all sessions."""
