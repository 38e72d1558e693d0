"""The connections to all vendors that the configuration names, each made when first asked for."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property

from bot.adapters import airflow as airflow_adapter
from bot.adapters import bigquery as bigquery_adapter
from bot.adapters import jsm as jsm_adapter
from bot.adapters import opsgenie as opsgenie_adapter
from bot.adapters import slack as slack_adapter
from bot.adapters.calendar import CalendarSchedules
from bot.adapters.static_schedule import StaticSchedules
from bot.config.load import Config
from bot.config.model import AirflowServer, BigQueryProject
from bot.config.schedules import CalendarSchedule, HostedSchedule, StaticSchedule
from bot.ports.airflow import Airflow
from bot.ports.bigquery import BigQuery
from bot.ports.paging import Alerts, Schedules
from bot.ticks import Scheduled
from bot.wiring.logins import airflow_credentials, jsm_account
from bot.wiring.schedules import calendars_of, rotations_of


class Vendors:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._connections = ExitStack()

    def close(self) -> None:
        """Close what was opened."""
        self._connections.close()

    @cached_property
    def slack(self) -> slack_adapter.SlackDoor:
        return slack_adapter.connect(self.bot_token, self._config.baton.slack.api_url)

    @cached_property
    def slack_groups(self) -> slack_adapter.SlackDoor:
        """Return who edits user groups: an administrator where the environment has their token, else Baton itself."""
        token = self._config.secrets.slack_groups_token
        if token is None:
            return self.slack
        return slack_adapter.connect(token.get_secret_value(), self._config.baton.slack.api_url)

    @cached_property
    def airflows(self) -> Mapping[str, Airflow]:
        return {name: self._airflow(name, server) for name, server in self._config.baton.airflow.items()}

    def _airflow(self, name: str, server: AirflowServer) -> Airflow:
        login = self._config.secrets.airflow[name]
        connected = airflow_adapter.connect(
            name,
            server.url,
            airflow_credentials(server, login),
            external_url=server.external_url,
            api=server.api,
        )
        self._connections.callback(connected.close)
        return connected

    @cached_property
    def bigquery(self) -> Mapping[str, BigQuery]:
        return {project: self._bigquery(project, account) for project, account in self._config.baton.bigquery.items()}

    def _bigquery(self, project: str, configured: BigQueryProject) -> BigQuery:
        account = bigquery_adapter.Account(configured.key_file, configured.endpoint, configured.anonymous)
        connected = bigquery_adapter.connect(project, account)
        self._connections.callback(connected.close)
        return connected

    @cached_property
    def schedules(self) -> tuple[Scheduled, ...]:
        return tuple(
            Scheduled(name, schedule.key if isinstance(schedule, HostedSchedule) else name, self._provider(schedule))
            for name, schedule in self._config.baton.schedules.items()
        )

    def _provider(self, schedule: HostedSchedule | StaticSchedule | CalendarSchedule) -> Schedules:
        match schedule:
            case HostedSchedule(provider="opsgenie"):
                return self._opsgenie
            case HostedSchedule():
                return self._jsm
            case StaticSchedule():
                return StaticSchedules(rotations_of(self._config))
            case CalendarSchedule():
                return self._calendars

    @cached_property
    def alerts(self) -> Mapping[str, Alerts]:
        """Return where pages can be made: the providers of the configured schedules that know alerts, by name."""
        providers = {schedule.provider for schedule in self._config.baton.schedules.values()}
        connections = {"opsgenie": self._opsgenie_alerts, "jsm": self._jsm_alerts}
        return {name: connect() for name, connect in connections.items() if name in providers}

    @cached_property
    def _opsgenie(self) -> Schedules:
        connected = opsgenie_adapter.connect(self._opsgenie_key, self._config.baton.opsgenie.url)
        self._connections.callback(connected.close)
        return connected

    def _opsgenie_alerts(self) -> Alerts:
        connected = opsgenie_adapter.connect_alerts(self._opsgenie_key, self._config.baton.opsgenie.url)
        self._connections.callback(connected.disconnect)
        return connected

    @property
    def _opsgenie_key(self) -> str:
        key = self._config.secrets.opsgenie_api_key
        assert key is not None, "the configuration asks for the key of an Opsgenie schedule"
        return key.get_secret_value()

    @cached_property
    def _jsm(self) -> Schedules:
        connected = jsm_adapter.connect(jsm_account(self._config))
        self._connections.callback(connected.close)
        return connected

    def _jsm_alerts(self) -> Alerts:
        connected = jsm_adapter.connect_alerts(jsm_account(self._config))
        self._connections.callback(connected.disconnect)
        return connected

    @cached_property
    def _calendars(self) -> Schedules:
        connected = CalendarSchedules(calendars_of(self._config))
        self._connections.callback(connected.close)
        return connected

    @property
    def bot_token(self) -> str:
        token = self._config.secrets.slack_bot_token
        assert token is not None, "the configuration asks for the bot token"
        return token.get_secret_value()
