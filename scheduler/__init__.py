"""When we say it unasked: what is due, and its delivery."""
