"""Builds the house and opens it. The only room, beside main.py, that knows everybody."""
