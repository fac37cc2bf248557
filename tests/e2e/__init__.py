"""The whole product: real server, real models, real Chromium, speech both ways."""
