"""What colleagues ask of the data team, from the message to the answer."""
