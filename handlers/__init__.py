"""What we say: answers to messages, and messages to the clock."""
