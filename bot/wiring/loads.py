"""What the configuration says of DAGs and loads."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase

from bot.config.load import Config
from bot.config.loads import Load as LoadConfig
from bot.config.model import AirflowServer, DagRule, Rerun
from bot.directory.suggestions import PROVIDERS, Provider, named
from bot.loads import Evidence, Load, Loads
from bot.operations.operation import DagFacts


def loads_of(config: Config) -> Loads:
    return Loads({name: _load(name, each, config) for name, each in config.loads.loads.items()})


def _load(name: str, load: LoadConfig, config: Config) -> Load:
    seen = load.verify
    return Load(
        name=name,
        airflow=load.airflow,
        dag_id=load.dag,
        owner=load.owner,
        tasks=frozenset(load.tasks),
        depends_on=load.depends_on,
        dates=load.dates(config.zone),
        contact=load.contact,
        rerun=load.rerun or rerun_of(config.baton.airflow)(load.airflow, load.dag),
        when_missing=load.when_missing,
        lag=load.lag or timedelta(0),
        at_most=load.at_most,
        evidence=Evidence(seen.table, seen.column, seen.loaded_at) if seen else None,
    )


def providers_of(config: Config) -> Mapping[str, Provider]:
    """Return what menus suggest: what the directory knows, and what the configuration names."""
    return {**PROVIDERS, "loads": named(config.loads.loads)}


def dag_facts_of(airflow: Mapping[str, AirflowServer]) -> Callable[[str, str], DagFacts]:
    """Return who tells what the configuration says of a DAG."""

    def facts(name: str, dag_id: str) -> DagFacts:
        rule = dag_rule(airflow, name, dag_id)
        return DagFacts(rule.owners, frozenset(rule.tags))

    return facts


def rerun_of(airflow: Mapping[str, AirflowServer]) -> Callable[[str, str], Rerun]:
    """Return who tells whether the tasks of a DAG may simply run again: the first pattern that fits decides."""

    def rerun(name: str, dag_id: str) -> Rerun:
        return dag_rule(airflow, name, dag_id).rerun

    return rerun


def dag_rule(airflow: Mapping[str, AirflowServer], name: str, dag_id: str) -> DagRule:
    """Return what the configuration says of a DAG: the first pattern that fits, or nothing."""
    rules = airflow[name].dags if name in airflow else {}
    return next((rule for pattern, rule in rules.items() if fnmatchcase(dag_id, pattern)), DagRule())
