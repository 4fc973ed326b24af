"""How things stand: from rows to what the rules judge, once for chat, digests and command line."""
