"""The citizens' pages: find, read, look up, file, talk. Plain HTML that works without JavaScript."""
