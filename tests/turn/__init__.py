"""Turn-taking."""
