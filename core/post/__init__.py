"""What leaves the house, pure: a meaning becomes words, words become a delivery with a state and a way."""
