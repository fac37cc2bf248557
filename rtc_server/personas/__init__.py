"""The avatar's personas: who there is, and their heads as glTF, built from a freely licensed base mesh."""
