"""The telephone world on loopback: counterparts that speak the real protocols to the real adapters.

Nothing here imports anything of ours, and no codec is shared with the adapters: two sides that share a
misreading prove nothing.
"""
