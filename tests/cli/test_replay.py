"""Replays by a team's own configuration, and what another one would decide otherwise."""

import json
import shutil

import pytest

from tests.cli.test_commands import CORPUS, EXACT_KEYS, ROOT, run
from tests.triage.slack import webhook

__all__ = ["run"]

DEMO = ROOT / "config" / "demo"
SCRIPT = {"bot_id": "B0SCRIPT", "channel": "C0ALERTS"}
FAILED = "[심각] 정산 배치 중단 | 작업: 정산_일마감 | 사유: 잠금"


@pytest.fixture
def recorded(tmp_path):
    """Write events into a file, a minute apart."""

    def write(*events: dict) -> str:
        file = tmp_path / "events.jsonl"
        stamped = (event | {"ts": f"{1795136400 + 60 * n}.000100"} for n, event in enumerate(events))
        file.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in stamped), "utf-8")
        return str(file)

    return write


@pytest.fixture
def changed(tmp_path):
    """Return a copy of the demo's configuration with other rules."""

    def copy(sources: str = "", baton: tuple[str, str] = ("", "")) -> str:
        directory = tmp_path / "changed"
        shutil.copytree(DEMO, directory)
        (directory / "sources.yaml").write_text(sources, "utf-8")
        written = (directory / "baton.yaml").read_text("utf-8")
        (directory / "baton.yaml").write_text(written.replace(*baton), "utf-8")
        return str(directory)

    return copy


def results(said):
    assert said.exit_code == 0, said.output
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_a_replay_decides_by_the_rules_and_routes_of_a_configuration(run, recorded):
    file = recorded(webhook("", FAILED, **SCRIPT), webhook("", "disk failure on etl-7", **SCRIPT))
    ruled, plain = results(run("replay", file, "--config", str(DEMO)))

    assert set(ruled) == EXACT_KEYS
    assert (ruled["source"], ruled["severity"], ruled["resource"]) == ("settlement", "critical", {"job": "정산_일마감"})
    assert ruled["group"].startswith("infra/settlement:"), "the rule's route"
    assert plain["group"].startswith("core/script:"), "the channel's route"


def test_a_replay_needs_neither_secrets_nor_variables(run, recorded):
    file = recorded(webhook("w", "job a_b failed"))

    assert len(results(run("replay", file, "--config", str(DEMO), env={}))) == 1


def test_the_windows_are_those_of_the_configuration(run, recorded, changed):
    down, up = (
        webhook("w", "[ERROR] host ch-01 is down", channel="C0ALERTS"),
        webhook("w", "[OK] host ch-01 is up", channel="C0ALERTS"),
    )
    file = recorded(down, up, up, up, down)
    core = "  core:\n    schedule: data-platform\n"
    brief = changed(baton=(core, core + "    reopen_within: 2m\n"))
    within, after = results(run("replay", file, "--config", str(DEMO))), results(run("replay", file, "--config", brief))

    assert within[0]["group"] == within[-1]["group"]
    assert after[0]["group"] != after[-1]["group"]


def test_channels_that_are_not_watched_are_named_and_still_read(run):
    said = run("replay", str(CORPUS), "--config", str(DEMO))

    assert len(results(said)) == len(CORPUS.read_text("utf-8").splitlines())
    assert "C0DATAALERT" in said.stderr


def test_a_wrong_rule_ends_the_replay_before_it_begins(run, recorded, changed):
    said = run("replay", recorded(webhook("w", "x")), "--config", changed("sources:\n  a: {match: {text: '(x'}}\n"))

    assert said.exit_code == 1
    assert "sources.yaml:2: sources.a.match.text: RE2 does not take this pattern (missing ): (x)" in said.stderr
    assert said.stdout == ""


def test_against_another_configuration_only_what_it_changes_is_printed(run, recorded, changed):
    file = recorded(
        webhook("", FAILED, **SCRIPT),
        webhook("chatter", "job chat_x failed", channel="C0ALERTS"),
        webhook("loader", "job a_b failed", channel="C0ALERTS"),
    )
    after = changed((DEMO / "sources.yaml").read_text("utf-8") + "  chat: {match: {sender: chatter}, ignore: true}\n")
    said = run("replay", file, "--config", str(DEMO), "--against", after)

    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[0] == "1795136460.000100  job chat_x failed"
    assert "    kind           alert → noise" in lines
    assert "    resource.job   chat_x → –" in lines
    assert lines[-5:] == [
        "3 lines, 1 changed",
        "incidents: 3 → 2",
        "mentions at once: 3 → 2",
        "mentions that wait: 0 → 0",
        f"{DEMO} → {after}",
    ]
    assert "a_b" not in said.stdout


def test_a_change_of_route_or_owner_alone_is_a_change_too(run, recorded, changed):
    rules = (DEMO / "sources.yaml").read_text("utf-8")
    after = changed(rules.replace("    route: infra\n", "    owner: settlement-team\n"))
    said = run("replay", recorded(webhook("", FAILED, **SCRIPT)), "--config", str(DEMO), "--against", after)

    assert "    owner  – → settlement-team" in said.stdout
    assert "    route  infra → core" in said.stdout
    assert "1 line, 1 changed" in said.stdout


def test_against_itself_nothing_changes(run, recorded):
    said = run("replay", str(CORPUS), "--config", str(DEMO), "--against", str(DEMO))

    assert said.exit_code == 0
    assert said.stdout.startswith("127 lines, 0 changed\n")


def test_a_replay_reads_standard_input(run):
    assert len(results(run("replay", "-", input=json.dumps(webhook("w", "job a_b failed")) + "\n"))) == 1


def test_what_no_database_takes_is_mended_as_the_front_door_does(run, recorded):
    said = run("replay", "-", input=json.dumps(webhook("w", "job a_b failed \ud83d \x00")))
    (line,) = results(said)

    assert line["kind"] == "alert"


def explained(run, event, *more):
    said = run("explain", *more, input=json.dumps(event))
    assert said.exit_code == 0, said.output
    return said.stdout.splitlines()


def test_explain_names_the_rule_and_what_it_decided(run):
    lines = explained(run, webhook("", FAILED + " password=hunter2!x", **SCRIPT), "--config", str(DEMO))

    assert "redacted: 1 × password" in lines
    assert (
        r"team rule freshness-script: passed over, the text has no \[(?P<status>\w+)\] freshness (?P<table>\S+)"
        in lines
    )
    assert "team rule settlement-batch: matches" in lines
    assert "severity: critical, by the team rule settlement-batch" in lines
    assert "route: infra, by the team rule" in lines
    assert "hunter2" not in "".join(lines)


def test_explain_names_the_parsers_that_were_asked(run):
    airflow = webhook(
        "airflow", ":red_circle: Task Failed.\n*Task*: load\n*Dag*: sales\n*Run*: manual__1", channel="C0ALERTS"
    )
    lines = explained(run, airflow, "--config", str(DEMO))

    assert "parser airflow: its sender fits, chosen" in lines
    assert any(line.endswith("other parsers: not asked") for line in lines)
    assert "severity: error, derived from what it reports" in lines
    assert "no part of the identity, since it changes: manual__1 ‹run›" in lines
    assert "route: core, that of C0ALERTS" in lines
    assert "incident, if none is known: opens one" in lines
    assert "incident, if one is open: one more alert of it" in lines
    assert "mention: at once" in lines


def test_explain_of_what_no_parser_knows(run):
    lines = explained(run, webhook("etl", "[CRITICAL] everything is broken at 03:12"))

    assert "generic reader: chosen, since no parser was" in lines
    assert "severity: critical, stated in the message" in lines
    assert "route: none, without a configuration (--config)" in lines


def test_explain_of_good_news_and_of_noise(run):
    over = explained(run, webhook("w", "[OK] host ch-01 is back up"))
    noise = explained(run, webhook("standup", "good morning"))

    assert "incident, if none is known: ignored, nothing is open that could be resolved" in over
    assert "incident, if one is open: ends it" in over
    assert "incident: none" in noise


def test_explain_of_a_reply_says_that_the_message_above_may_name_it(run):
    lines = explained(run, webhook("dbt", "Database Error in model fct_pay", thread_ts="1700000000.000100"))

    assert any(line.startswith("in a thread: ") for line in lines)


def test_explain_of_a_channel_that_is_not_watched_says_so(run):
    lines = explained(run, webhook("w", "job a_b failed", channel="C0OTHER"), "--config", str(DEMO))

    assert "route: none: C0OTHER is not watched, so Baton would not read this message" in lines


def test_explain_of_a_person_and_of_ignored_bots(run, changed):
    person = explained(run, {"type": "message", "user": "U1", "text": "hello", "channel": "C1", "ts": "1.1"})
    rules = changed("sources:\n  chat: {match: {sender: standup}, ignore: true}\n")
    ignored = explained(run, webhook("standup", "job chat failed"), "--config", rules)

    assert "read as a person's message: team rules and parsers are for bots" in person
    assert "team rule chat: matches" in ignored
    assert "because: it is to be ignored" in ignored
    assert not any(line.startswith("parser") for line in ignored)


def test_the_same_file_gives_the_same_answer(run):
    assert run("replay", str(CORPUS)).stdout == run("replay", str(CORPUS)).stdout


def test_a_file_that_is_not_there_is_named(run):
    said = run("replay", "nothing.jsonl")

    assert said.exit_code == 1
    assert "nothing.jsonl" in said.stderr
