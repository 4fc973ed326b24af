"""The built-in programmes as data, and what loads a programme."""
