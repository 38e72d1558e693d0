"""A strict fake of the Opsgenie REST API: schedules, on-calls, overrides, alerts."""
