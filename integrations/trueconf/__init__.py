"""TrueConf Server."""
