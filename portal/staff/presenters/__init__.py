"""From rows to what a page shows: labels, buttons with their reasons, words for values."""
