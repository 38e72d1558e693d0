"""Business dates: how people write them, and which run of a schedule is meant by one. Pure."""
