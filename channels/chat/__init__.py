"""Chat applications."""
