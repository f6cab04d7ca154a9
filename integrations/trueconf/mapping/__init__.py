"""TrueConf's payloads <-> our records. Pure: nothing here talks to anyone."""
