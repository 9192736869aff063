"""Evidence: what a program changes."""
