"""The first minutes of an installation. Runs before any package is there: standard library only."""
