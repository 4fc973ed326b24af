"""One file a digest: its content, audience and time."""
