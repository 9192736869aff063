"""The relational steps, one module per family of nodes."""
