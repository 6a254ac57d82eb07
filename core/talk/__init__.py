"""One conversation, pure: a message and what we remember go in, what we say and remember come out.

No clock, no chance, no database, no network. What a topic must know or have done it yields as a `Need`.
"""
