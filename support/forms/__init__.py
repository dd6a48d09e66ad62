"""What officers type in this room; a module a matter."""
