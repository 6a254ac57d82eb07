"""The telephone without a wire: it listens, understands, answers, remembers, sends.

Reading goes upwards: nouns (messages, channel), thinking (talk, post), keeping (store), acting (casework,
gateway), loops (intake, courier). It does not know which channels exist.
"""
