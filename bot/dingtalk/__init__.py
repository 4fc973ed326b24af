"""DingTalk: what its platform files share."""
