"""Change people and groups, import and merge them."""
