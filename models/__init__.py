"""What we know: tables with their queries, rules, programme definitions."""
