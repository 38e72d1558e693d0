"""A local Slack workspace, Airflow and Opsgenie that speak the vendors' wire protocols, strictly."""
