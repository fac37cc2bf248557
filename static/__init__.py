"""The pages that the server hands out (plain ES modules, no build step)."""
