"""How it travels: web service, chat platforms, command line."""
