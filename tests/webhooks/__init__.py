"""Webhooks: signatures, schedule, durable delivery, receivers."""
