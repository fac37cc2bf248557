"""What is kept: sessions with their journals and events, keys, flows, webhooks, messages, media."""
