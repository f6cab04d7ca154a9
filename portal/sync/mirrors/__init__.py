"""Our side of each kind: which rows stand on an account, and how a row reads as fields."""
