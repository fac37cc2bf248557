"""Talking to OpenAI-compatible chat servers: what one supports, one request, a race of several, the prompt."""
