"""A local Slack workspace, Airflow, Opsgenie and BigQuery that speak the vendors' wire protocols, strictly."""
