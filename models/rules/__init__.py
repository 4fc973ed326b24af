"""Pure functions: every rule of the domain, with its source."""
