"""The wires: each folder turns a provider's words into ours and ours into the provider's, and decides nothing."""
