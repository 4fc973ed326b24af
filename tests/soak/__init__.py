"""Long runs under load, with real processes that are killed, and what must hold after them."""
