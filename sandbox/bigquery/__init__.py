"""A strict fake of BigQuery's REST API v2: datasets and their access, tables and their policies, jobs and queries."""
