"""What citizens type, say or key, read into values. A reader returns a value or a Problem; none raises."""
