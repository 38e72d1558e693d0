"""The Home of each person: what is theirs to do, what they asked for and what they have."""
