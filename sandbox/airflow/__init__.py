"""A strict fake of the Airflow 3 REST API, with a small scheduler behind it."""
