"""The configuration into the domain's own values, so that no domain module knows how a file is written."""
