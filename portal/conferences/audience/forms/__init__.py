"""What staff fill in about those who take part."""
