"""The nouns: what travels between the rooms."""
