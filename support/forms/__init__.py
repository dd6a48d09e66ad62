"""What officers type about schemes and claims."""
