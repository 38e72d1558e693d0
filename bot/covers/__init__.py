"""Covers: somebody stands in for somebody on call, asked for or put in, until it is an override at the provider."""
