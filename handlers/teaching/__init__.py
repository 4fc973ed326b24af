"""What the bot teaches: topics, and what the speaker can do right now."""
