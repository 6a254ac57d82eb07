"""The only door to the database and to Redis.

One transaction reaches all the shelves; a shelf is one concern's tables with the statements on them. Shelves stand
side by side and do not know each other.
"""
