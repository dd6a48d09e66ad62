"""One file that holds the registry as it was at one moment: written, checked, and brought back."""
