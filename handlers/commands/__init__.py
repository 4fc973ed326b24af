"""One file a command, named after what it does; discovered at start-up."""
