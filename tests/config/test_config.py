"""A configuration is wholly right, or every problem is named: file, line, key, and what to write instead."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.cli.common import known_operations
from bot.config.check import problems
from bot.config.load import SCHEMAS, examine, load, schema
from bot.config.model import DagRule, Rerun, Storm, When
from bot.config.problem import ConfigError
from bot.config.schedules import HostedSchedule, StaticSchedule
from bot.config.who import Who, WhoKind
from bot.oncall.hours import is_working
from bot.triage.model import Severity
from bot.views.reader import default_reader
from bot.wiring.hours import working_hours
from bot.wiring.routes import routes_of

ROOT = Path(__file__).parents[2]
OPERATIONS = known_operations()
ENVIRON = {
    "BATON_SLACK_BOT_TOKEN": "made-up-bot-token",
    "BATON_SLACK_SIGNING_SECRET": "made-up-signing-secret",
    "BATON_OPSGENIE_API_KEY": "made-up-key",
    "BATON_AIRFLOW_PROD_USERNAME": "baton",
    "BATON_AIRFLOW_PROD_PASSWORD": "made-up-password",
}
BATON = """\
mode: live
zone: Asia/Seoul
channels:
  C0ALERTS: {route: core}
  C0INFRA: {route: core, language: ko}
routes:
  core: {schedule: data, reopen_within: 1h30m}
schedules:
  data: {provider: opsgenie, name: data-platform, fallback: S0ENG}
airflow:
  prod:
    url: https://airflow.example
    dags: {"billing_*": {rerun: unsafe}}
"""
PEOPLE = "- {slack: U0MINJI, name: 김민지, opsgenie: minji@haneul.example}\n"
POLICY = "rules:\n  - {operation: clear-tasks, who: [on-call, 'group:S0ENG'], size_at_most: 20}\n"


@pytest.fixture
def write(tmp_path):
    def write_(baton=BATON, people=PEOPLE, policy=POLICY):
        for name, content in (("baton", baton), ("people", people), ("policy", policy)):
            if content is not None:
                (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return tmp_path

    return write_


@pytest.fixture
def complaints(write):
    """Return the problems of these files as `baton.yaml:3: key: words`, without the directory."""

    def complaints_(**files):
        directory = write(**files)
        return [str(problem).replace(f"{directory}/", "") for problem in problems(directory, ENVIRON, OPERATIONS)]

    return complaints_


def test_what_is_written_is_what_the_code_gets(write):
    config = load(write(), ENVIRON, OPERATIONS)

    route = config.route("C0ALERTS")
    assert config.is_live
    assert config.zone == ZoneInfo("Asia/Seoul")
    assert (config.route_name("C0INFRA"), config.route_name("C0OTHER"), config.route("C0OTHER")) == ("core", None, None)
    assert (config.language("C0ALERTS"), config.language("C0INFRA")) == ("en", "ko")
    assert (route.reopen_within, route.stale_after) == (timedelta(minutes=90), timedelta(hours=24))
    assert route.card.channel is None
    assert [route.mention.when(each) for each in Severity] == [
        When.ALWAYS,
        When.ALWAYS,
        When.WORKING_HOURS,
        When.SUMMARY,
    ]
    assert config.baton.schedules["data"] == HostedSchedule(provider="opsgenie", name="data-platform", fallback="S0ENG")
    assert config.baton.airflow["prod"].dags == {"billing_*": DagRule(rerun=Rerun.UNSAFE)}
    assert config.people[0].name == "김민지"
    assert config.policy.rules[0].who == (Who(WhoKind.ON_CALL), Who(WhoKind.GROUP, "S0ENG"))


def test_an_airflow_that_takes_googles_word_needs_no_secret(write):
    composer = "\n    auth: google\n    audience: client.apps.example\n    api: v1\n    dags:"
    environ = {name: value for name, value in ENVIRON.items() if "AIRFLOW" not in name}
    server = load(write(BATON.replace("\n    dags:", composer)), environ, OPERATIONS).baton.airflow["prod"]

    assert (server.auth, server.audience, server.api) == ("google", "client.apps.example", "v1")


@pytest.mark.parametrize(
    ("written", "named"), [pytest.param("", "prod", id="the first"), pytest.param(", airflow: eu", "eu", id="its own")]
)
def test_a_route_names_the_airflow_that_its_alerts_are_about(write, written, named):
    environ = {**ENVIRON, "BATON_AIRFLOW_EU_TOKEN": "made-up"}
    baton = BATON.replace("1h30m}", f"1h30m{written}}}") + "  eu: {url: 'https://eu.airflow.example'}\n"
    config = load(write(baton), environ, OPERATIONS)

    assert routes_of(config)["C0ALERTS"].airflow == named


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        pytest.param("", Storm(), id="nothing written"),
        pytest.param(", storm: {threshold: 20, window: 5m}", Storm(threshold=20, window="5m"), id="own values"),
        pytest.param(", storm: off", None, id="off"),
    ],
)
def test_a_route_says_what_a_storm_is_or_that_there_are_none(write, written, rules):
    config = load(write(BATON.replace("1h30m}", f"1h30m{written}}}")), ENVIRON, OPERATIONS)

    assert config.route("C0ALERTS").storm == rules


def test_a_static_rotation_needs_no_provider(write):
    rotation = """{provider: static, participants: [U0A, U0B], starts_on: 2026-01-05, handover: "09:30",
      overrides: [{from: 2026-02-16 10:00, to: 2026-02-18 10:00, who: U0B}], fallback: U0A}"""
    directory = write(BATON.replace("{provider: opsgenie, name: data-platform, fallback: S0ENG}", rotation))
    environ = {name: value for name, value in ENVIRON.items() if "OPSGENIE" not in name}

    schedule = load(directory, environ).baton.schedules["data"]

    assert isinstance(schedule, StaticSchedule)
    assert (schedule.starts_on, schedule.handover, schedule.every_days) == (date(2026, 1, 5), time(9, 30), 7)
    assert schedule.overrides[0].to == datetime(2026, 2, 18, 10)  # noqa: DTZ001 - meant in the schedule's zone


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        pytest.param(datetime(2026, 11, 20, 0, 0, tzinfo=UTC), True, id="Friday 09:00 in Seoul"),
        pytest.param(datetime(2026, 11, 19, 23, 59, tzinfo=UTC), False, id="Friday 08:59"),
        pytest.param(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), False, id="Friday 19:00"),
        pytest.param(datetime(2026, 11, 21, 3, 0, tzinfo=UTC), False, id="Saturday noon"),
        pytest.param(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), False, id="Monday 01:00"),
    ],
)
def test_working_hours_are_meant_in_the_zone(write, moment, covered):
    assert is_working(moment, working_hours(load(write(), ENVIRON))) is covered


@pytest.mark.parametrize(
    ("written", "day", "works"),
    [
        pytest.param("holidays: KR", date(2026, 9, 25), False, id="Chuseok"),
        pytest.param("holidays: KR", date(2026, 10, 5), False, id="the substitute of a holiday on a Saturday"),
        pytest.param("holidays: KR", date(2026, 9, 28), True, id="the Monday after"),
        pytest.param("holidays: DE-BY", date(2026, 1, 6), False, id="Epiphany in Bavaria"),
        pytest.param("holidays: DE", date(2026, 1, 6), True, id="no holiday in all of Germany"),
        pytest.param("days_off: [2026-11-20]", date(2026, 11, 20), False, id="the company's own"),
        pytest.param("days: [mon]", date(2026, 9, 25), False, id="no working day anyway"),
    ],
)
def test_on_days_off_nobody_works(write, written, day, works):
    config = load(write(baton=BATON.replace("mode: live\n", f"mode: live\nworking_hours: {{{written}}}\n")), ENVIRON)
    noon = datetime.combine(day, time(12), config.zone)

    assert is_working(noon, working_hours(config)) is works


@pytest.mark.parametrize(
    ("written", "replaced", "complaint"),
    [
        pytest.param(
            "reopen_within",
            "reopn_within",
            '7: routes.core.reopn_within: unknown key, did you mean "reopen_within"?',
            id="unknown key",
        ),
        pytest.param("mode: live", "mode: lve", '1: mode: lve is not possible here, did you mean "live"?', id="choice"),
        pytest.param("Asia/Seoul", "Asia/Soul", '2: zone: "Asia/Soul" is not a time zone', id="zone"),
        pytest.param(
            "Asia/Seoul", "../etc/passwd", '2: zone: "../etc/passwd" is not a time zone', id="no zone but a path"
        ),
        pytest.param("1h30m", "60", '7: routes.core.reopen_within: "60" is not a length of time; write', id="unit"),
        pytest.param(
            "1h30m",
            "1h, storm: {quiet: 30s}",
            "7: routes.core.storm: quiet is shorter than window",
            id="a storm that begins again at once",
        ),
        pytest.param(
            "1h30m",
            "1h, storm: {treshold: 3}",
            '7: routes.core.storm.treshold: unknown key, did you mean "threshold"?',
            id="a key of a storm",
        ),
        pytest.param(
            "1h30m",
            "1h, storm: never",
            "7: routes.core.storm: never should be a block of keys",
            id="neither off nor a storm",
        ),
        pytest.param("1h30m", "0m", '7: routes.core.reopen_within: "0m" is not a length of time', id="no time at all"),
        pytest.param(
            "C0ALERTS", "data-alerts", '4: channels.data-alerts: "data-alerts" is not a Slack channel id', id="channel"
        ),
        pytest.param(
            "S0ENG", "'@minji'", '9: schedules.data.fallback: "@minji" is neither a Slack member id', id="responder"
        ),
        pytest.param(", fallback: S0ENG", "", "9: schedules.data.fallback: this key is required", id="fallback"),
        pytest.param(
            "route: core}",
            "route: cor}",
            '4: channels.C0ALERTS.route: cor is not defined under routes; did you mean "core"?',
            id="route",
        ),
        pytest.param(
            "schedule: data,",
            "schedule: night,",
            "7: routes.core.schedule: night is not defined under schedules; write one of: data",
            id="schedule",
        ),
        pytest.param(
            "schedule: data,",
            "schedule: data, airflow: stage,",
            "7: routes.core.airflow: stage is not defined under airflow; write one of: prod",
            id="airflow of a route",
        ),
        pytest.param(
            "    dags:",
            "    audience: x\n    dags:",
            '11: airflow.prod: "audience" belongs to "auth: google"',
            id="audience",
        ),
        pytest.param(
            "    dags:",
            "    api: v3\n    dags:",
            "13: airflow.prod.api: v3 is not possible here, write one of: v1, v2",
            id="version of the api",
        ),
        pytest.param(
            "provider: opsgenie",
            "provider: pager",
            "9: schedules.data.provider: pager is not possible here, write one of: opsgenie, jsm, static, ical",
            id="provider",
        ),
        pytest.param("provider: opsgenie, ", "", "9: schedules.data.provider: this key is required", id="no provider"),
        pytest.param(
            "name: data-platform", "name: a, id: b", "9: schedules.data: give either id or name", id="id and name"
        ),
        pytest.param(
            "https://airflow.example",
            "airflow.example",
            '12: airflow.prod.url: "airflow.example" is not a URL',
            id="url",
        ),
        pytest.param(
            "https://airflow.example",
            "https://b:hunter2@airflow.example",
            "12: airflow.prod.url: a user name or password does not belong",
            id="password in a url",
        ),
        pytest.param(
            "https://airflow.example",
            "${AIRFLOW_URL}",
            "12: airflow.prod.url: the variable AIRFLOW_URL is not set",
            id="variable",
        ),
        pytest.param(
            "rerun: unsafe",
            "rerun: false",
            "13: airflow.prod.dags.billing_*.rerun: False is not possible here",
            id="no word",
        ),
        pytest.param(
            "mode: live",
            "mode: shadow",
            "1: mode: shadow mode posts to one channel only",
            id="shadow without a channel",
        ),
        pytest.param(
            "mode: live\n", "mode: live\nlimits: 3\n", "2: limits: 3 should be a block of keys with values", id="type"
        ),
        pytest.param(
            "mode: live\n", "mode: live\nmode: shadow\n", "2: mode: mode is already on line 1; keep one", id="key twice"
        ),
        pytest.param("mode: live\n", "mode: [live\n", "2: not valid YAML: while parsing a flow sequence", id="syntax"),
        pytest.param(
            "mode: live\n",
            "database: {url: 'postgresql://b:hunter2@db/b'}\n",
            "1: database.url: a password does not belong",
            id="database password",
        ),
        pytest.param(
            "mode: live\n",
            "database: {url: 'mysql://db/b'}\n",
            '1: database.url: "mysql://db/b" is not a database',
            id="database",
        ),
        pytest.param(
            "mode: live\n",
            "mode: live\nworking_hours: {from: '19:00', to: '09:00'}\n",
            '2: working_hours: "from" must come before',
            id="hours",
        ),
        pytest.param(
            "mode: live\n",
            "mode: live\nworking_hours: {holidays: Korea}\n",
            '2: working_hours.holidays: "Korea" is no country whose holidays are known',
            id="country",
        ),
        pytest.param(
            "mode: live\n",
            "mode: live\nworking_hours: {holidays: DE-XX}\n",
            '2: working_hours.holidays: "DE-XX" is no country',
            id="part of a country",
        ),
    ],
)
def test_a_problem_names_its_line_its_key_and_the_remedy(complaints, written, replaced, complaint):
    said = complaints(baton=BATON.replace(written, replaced, 1))

    assert any(line.startswith(f"baton.yaml:{complaint}") for line in said), said
    assert "hunter2" not in "".join(said)


def test_all_problems_of_all_files_are_named_at_once(complaints):
    said = complaints(
        baton=BATON.replace("mode: live", "mood: live").replace("route: core}", "route: cor}").replace("1h30m", "soon"),
        people="- {slack: U0A, name: 3}\n- {slack: U0A, name: B, google: nobody}\n- just a name\n",
        policy="rules:\n  - {operation: clear-task, who: [oncall]}\n  - {who: [], size_at_most: 0}\n",
    )

    assert [line.partition(": ")[0] + ": " + line.split(": ")[1] for line in said] == [
        "baton.yaml:1: mood",
        "baton.yaml:1: mode",
        "baton.yaml:4: channels.C0ALERTS.route",
        "baton.yaml:7: routes.core.reopen_within",
        "people.yaml:1: [1].name",
        "people.yaml:2: [2].google",
        "people.yaml:2: [2].slack",
        "people.yaml:3: [3]",
        "policy.yaml:2: rules[1].who[1]",
        "policy.yaml:2: rules[1].operation",
        "policy.yaml:3: rules[2]",
        "policy.yaml:3: rules[2].size_at_most",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(None, "the file is not there", id="missing"),
        pytest.param("", "the file is empty", id="empty"),
        pytest.param("# nothing yet\n", "the file is empty", id="comments only"),
        pytest.param("- a\n- b\n", "should be a block of keys with values", id="a list"),
        pytest.param("a: &a [*a]\n", "nested too deeply", id="endless"),
        pytest.param("a: !!python/object:os.system x\n", "put it in quotes", id="a tag"),
        pytest.param("mode: \x07\n", "not valid YAML", id="control characters"),
    ],
)
def test_a_file_that_is_no_configuration_is_explained(complaints, content, complaint):
    said = complaints(policy=content)

    assert any(line.startswith("policy.yaml") and complaint in line for line in said), said


def test_a_file_that_is_not_text_is_explained(write):
    directory = write()
    (directory / "people.yaml").write_bytes(b"\xff\xfe\x00")

    assert any("cannot be read" in str(problem) for problem in problems(directory, ENVIRON))


@pytest.mark.parametrize(
    ("again", "place"),
    [
        pytest.param("also_slack: [U0MINJI]", "people.yaml:2: [2].also_slack[1]", id="a second account"),
        pytest.param("cli: [a@laptop]", "people.yaml:2: [2].cli[1]", id="a terminal"),
    ],
)
def test_an_account_belongs_to_one_person(complaints, again, place):
    first = "- {slack: U0MINJI, name: Minji, cli: [a@laptop]}\n"

    said = complaints(people=f"{first}- {{slack: U0SORA, name: Sora, {again}}}\n")

    assert any(line.startswith(f"{place}: ") and "is already on line 1" in line for line in said), said


def test_an_empty_list_of_people_is_fine_and_of_rules_means_nobody(write):
    config = load(write(people="[]\n", policy="rules: [{operation: clear-tasks, who: []}]\n"), ENVIRON)

    assert config.people == ()
    assert config.policy.rules[0].who == ()


def test_urls_may_ask_the_environment_and_nothing_else_may(write):
    directory = write(
        BATON.replace("https://airflow.example", "${AIRFLOW_URL}/a").replace("data-platform", "'${NAME}'")
    )

    config = load(directory, ENVIRON | {"AIRFLOW_URL": "http://localhost:8080", "NAME": "x"})

    assert config.baton.airflow["prod"].url == "http://localhost:8080/a"
    assert config.baton.schedules["data"].key == "${NAME}"


def test_problems_are_said_in_the_readers_language(write):
    directory = write(BATON.replace("1h30m", "soon"))
    korean = default_reader(datetime(2026, 11, 20, tzinfo=UTC), "ko")

    assert problems(directory, ENVIRON)[0].shown(korean) == (
        f'{directory}/baton.yaml:7: routes.core.reopen_within: "soon" 값은 기간이 아닙니다. '
        "24h, 90m, 7d, 1h30m처럼 써 주세요"
    )


def test_missing_secrets_are_named_by_their_variable(write):
    with pytest.raises(ConfigError) as caught:
        load(write(), {})

    assert [problem.key for problem in caught.value.problems] == [
        "BATON_SLACK_BOT_TOKEN",
        "BATON_SLACK_SIGNING_SECRET",
        "BATON_OPSGENIE_API_KEY",
        "BATON_AIRFLOW_PROD",
    ]
    assert all(problem.needs_environment for problem in caught.value.problems)


def test_only_what_is_configured_needs_secrets(write):
    directory = write(BATON.replace("mode: live", "mode: live\nslack: {transport: socket}"))
    environ = {"BATON_SLACK_BOT_TOKEN": "x", "BATON_OPSGENIE_API_KEY": "x", "BATON_AIRFLOW_PROD_USERNAME": "x"}

    assert [each.key for each in problems(directory, environ)] == [
        "BATON_SLACK_APP_TOKEN",
        "BATON_AIRFLOW_PROD_PASSWORD",
    ]


def test_a_secret_may_lie_in_a_file(write, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n", encoding="utf-8")
    environ = {name: value for name, value in ENVIRON.items() if "PASSWORD" not in name and "USERNAME" not in name}

    config = load(write(), environ | {"BATON_AIRFLOW_PROD_TOKEN_FILE": str(secret)})

    assert config.secrets.airflow["prod"].token.get_secret_value() == "from-a-file"


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        pytest.param({"BATON_OPSGENIE_API_KEY_FILE": "/no/such/file"}, "are set; unset one", id="both ways"),
        pytest.param(
            {"BATON_OPSGENIE_API_KEY": "", "BATON_OPSGENIE_API_KEY_FILE": "/no/such/file"}, "unreadable", id="no file"
        ),
        pytest.param({"BATON_OPSGENIE_API_KEY": "  "}, "not set; export it", id="blank"),
    ],
)
def test_a_secret_that_cannot_be_had_is_explained(write, environ, complaint):
    said = [str(problem) for problem in problems(write(), ENVIRON | environ)]

    assert len(said) == 1
    assert complaint in said[0]


def test_no_secret_is_ever_printed(write):
    environ = ENVIRON | {"BATON_DATABASE_URL": "postgresql://baton:made-up-pw@db/baton"}
    config = load(write(), environ)

    assert config.database_url == environ["BATON_DATABASE_URL"]
    for value in environ.values():
        if value.startswith(("made-up", "postgresql")):
            assert value not in repr(config) + str(config)


@pytest.mark.parametrize("directory", ["config", "config/demo"])
def test_the_shipped_files_need_only_their_environment(directory):
    examined = examine(ROOT / directory, {}, OPERATIONS)

    assert [str(problem) for problem in examined.problems if not problem.needs_environment] == []


def test_the_template_starts_in_shadow_mode_and_can_be_read_without_secrets():
    examined = examine(ROOT / "config", {}, OPERATIONS)

    assert examined.config is not None
    assert not examined.config.is_live
    with pytest.raises(ConfigError):
        load(ROOT / "config", {})


def test_the_demo_fits_the_sandbox():
    world = YAML(typ="safe").load((ROOT / "sandbox/world.yaml").read_text(encoding="utf-8"))
    urls = {
        f"BATON_DEMO_{name}_URL": f"http://localhost/{name}" for name in ("SLACK", "AIRFLOW", "OPSGENIE", "BIGQUERY")
    }

    config = load(ROOT / "config/demo", ENVIRON | urls, OPERATIONS)

    assert set(config.baton.channels) <= {channel["id"] for channel in world["channels"]}
    assert {each.slack for each in config.people} <= {user["id"] for user in world["users"]}
    assert {schedule.fallback for schedule in config.baton.schedules.values()} <= {
        g["id"] for g in world["user_groups"]
    }
    assert set(config.baton.groups) <= {group["id"] for group in world["user_groups"]}
    assert {each.channel for each in config.baton.schedules.values()} <= {each["id"] for each in world["channels"]}
    assert {each.key for each in config.baton.schedules.values()} <= {s["name"] for s in world["opsgenie"]["schedules"]}


@pytest.mark.parametrize("file", sorted(SCHEMAS))
def test_editors_get_a_schema_that_takes_the_shipped_files(file):
    described = schema(file)
    written = YAML(typ="safe").load((ROOT / "config" / file).read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(described)
    jsonschema.Draft202012Validator(described).validate(json.loads(json.dumps(written, default=str)))
