"""What officers type about labor brokers; a module a matter."""
