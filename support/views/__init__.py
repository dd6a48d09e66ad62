"""The pages of schemes and claims; a module a matter."""
