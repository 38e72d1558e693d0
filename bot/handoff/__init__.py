"""The handoff: what the next person on call needs to know, and how it gets to them."""
