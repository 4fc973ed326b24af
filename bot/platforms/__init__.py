"""One file a platform: what comes in is verified and parsed here, what goes out is sent here."""
