"""The pages of what the state gives: a module a matter."""
