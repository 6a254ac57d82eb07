"""Real parts for tests: servers from wheels, the product as a process of its own."""
