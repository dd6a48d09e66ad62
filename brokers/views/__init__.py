"""The pages of labor brokers; a module a matter."""
