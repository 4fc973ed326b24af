"""What the doors of WeCom share: envelopes, the server API, limits, cards."""
