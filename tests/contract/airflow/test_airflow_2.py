"""What is particular to Airflow 2: what it cannot say or do, and how that is made up for or refused."""

import base64

import pytest

from bot.adapters.airflow import Credentials, connect
from bot.ports.airflow import Backfill, Clear, TaskChoice, TaskKey, Trigger, Window
from bot.ports.errors import (
    Conflict,
    Forbidden,
    NotAuthenticated,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    Unsupported,
)
from tests.contract.airflow.bench import some_moment
from tests.contract.airflow.scripted import Drops, Says

DAG, RUN = "/api/v1/dags/d", "/api/v1/dags/d/dagRuns/r"
DAGS, RUNS, CLEAR, TASKS, NOTE = (
    "/api/v1/dags",
    f"{DAG}/dagRuns",
    f"{DAG}/clearTaskInstances",
    f"{RUN}/taskInstances",
    f"{RUN}/setNote",
)
BASIC = "Basic " + base64.b64encode(b"baton:pass").decode()
FORBIDDEN = Says(403, {"detail": None, "status": 403, "title": "Forbidden"})
ORDER = Clear("d", "r", (TaskChoice("t"),), downstream=True, note="why")
WHOLE = {
    "dry_run": False,
    "dag_run_id": "r",
    "task_ids": ["t"],
    "only_failed": True,
    "only_running": False,
    "include_upstream": False,
    "include_downstream": True,
    "include_past": False,
    "include_future": False,
    "reset_dag_runs": True,
}


@pytest.fixture
def scripted(scripted):
    scripted.script("GET", "/api/v2/version", Says(404, raw=b"<html>Airflow 404</html>"))
    scripted.script("GET", "/api/v1/version", Says(data={"version": "2.11.2", "git_version": ""}))
    scripted.script("GET", RUN, Says(data={"dag_id": "d", "dag_run_id": "r", "state": "failed", "note": None}))
    scripted.script("PATCH", NOTE, Says(data={"dag_id": "d", "dag_run_id": "r", "state": "queued"}))
    return scripted


def named(*tasks, dag="d", run="r"):
    """The answer to a clear: which tasks, and nothing more."""
    return Says(data={"task_instances": [{"dag_id": dag, "dag_run_id": run, "task_id": task} for task in tasks]})


def listed(*rows, total=None):
    found = [
        {"dag_id": "d", "dag_run_id": "r", "task_id": task, "map_index": index, "state": state, "try_number": 1}
        for task, index, state in rows
    ]
    return Says(data={"task_instances": found, "total_entries": len(found) if total is None else total})


def ready(scripted, *rows):
    scripted.script("GET", TASKS, listed(*rows))
    scripted.script("POST", CLEAR, named(*(task for task, _, _ in rows)))


class TestClear:
    def test_the_body_says_everything_and_what_is_not_known_is_left_out(self, scripted, airflow):
        ready(scripted, ("t", -1, "failed"), ("after", -1, "upstream_failed"))

        assert airflow.clear(ORDER) == (TaskKey("d", "r", "after"), TaskKey("d", "r", "t"))
        assert scripted.bodies("POST", CLEAR) == [WHOLE | {"dry_run": True}, WHOLE]

    def test_a_preview_reads_the_states_that_the_answer_lacks(self, scripted, airflow):
        ready(scripted, ("m", 1, "failed"), ("m", 3, "failed"))
        scripted.script("GET", TASKS, listed(("m", 0, "success"), ("m", 1, "failed"), ("m", 3, "failed")))

        found = airflow.preview_clear(Clear("d", "r", (TaskChoice("m", 1), TaskChoice("m", 3))))
        assert [(each.key.map_index, each.state) for each in found] == [(1, "failed"), (3, "failed")]
        assert scripted.bodies("POST", CLEAR)[0]["task_ids"] == ["m"]

    def test_some_indexes_of_a_task_cannot_be_cleared_alone(self, scripted, airflow):
        ready(scripted, ("m", 1, "failed"), ("m", 3, "failed"))

        for ask in (airflow.preview_clear, airflow.clear):
            with pytest.raises(Unsupported) as refusal:
                ask(Clear("d", "r", (TaskChoice("m", 1),)))
        assert refusal.value.what.msgid == "airflow.unsupported.one_index"
        assert all(body["dry_run"] for body in scripted.bodies("POST", CLEAR))

    def test_a_running_task_is_not_cleared_since_the_server_would_only_say_so(self, scripted, airflow):
        ready(scripted, ("t", -1, "running"))

        with pytest.raises(Conflict, match="running"):
            airflow.clear(Clear("d", "r", (TaskChoice("t"),), only_failed=False, refuse_running=False))
        assert not airflow.abilities().clears_running
        assert all(body["dry_run"] for body in scripted.bodies("POST", CLEAR))

    def test_what_would_spread_to_other_dags_is_refused(self, scripted, airflow):
        scripted.script("POST", CLEAR, named("t", dag="other"))

        with pytest.raises(Rejected, match="other @ r"):
            airflow.clear(ORDER)
        assert scripted.count("POST", CLEAR) == 1

    def test_what_changes_between_two_looks_is_a_conflict(self, scripted, airflow):
        ready(scripted, ("t", -1, "failed"))
        scripted.script("GET", TASKS, listed(("t", -1, "success")))

        with pytest.raises(Conflict, match="changed"):
            airflow.preview_clear(ORDER)

    def test_nothing_to_clear_is_asked_for_only_dry(self, scripted, airflow):
        scripted.script("GET", TASKS, listed(("t", -1, "success")))
        scripted.script("POST", CLEAR, named())

        assert airflow.clear(ORDER) == ()
        assert [body["dry_run"] for body in scripted.bodies("POST", CLEAR)] == [True]

    def test_where_another_clear_came_first_only_what_moved_is_told(self, scripted, airflow):
        scripted.script("POST", CLEAR, named("t", "u"), named("t"))
        before = listed(("t", -1, "failed"), ("u", -1, "failed"))
        scripted.script("GET", TASKS, before, listed(("t", -1, None), ("u", -1, "failed")))

        assert airflow.clear(ORDER) == (TaskKey("d", "r", "t"),)

    def test_where_what_moved_cannot_be_read_the_outcome_is_unknown(self, scripted, airflow):
        scripted.script("POST", CLEAR, named("t", "u"), named("t"))
        scripted.script("GET", TASKS, listed(("t", -1, "failed"), ("u", -1, "failed")), Says(500, raw=b"<html>"))

        with pytest.raises(OutcomeUnknown):
            airflow.clear(ORDER)

    def test_a_clear_without_an_answer_is_sent_once_and_its_outcome_unknown(self, scripted, airflow):
        ready(scripted, ("t", -1, "failed"))
        scripted.script("POST", CLEAR, named("t"), Drops)

        with pytest.raises(OutcomeUnknown):
            airflow.clear(ORDER)
        assert scripted.count("POST", CLEAR) == 2


class TestNotes:
    @pytest.mark.parametrize(
        ("present", "written"),
        [
            pytest.param(None, ["why"], id="the first"),
            pytest.param("by hand", ["by hand\nwhy"], id="beside what people wrote"),
            pytest.param("x\nwhy", [], id="not twice"),
            pytest.param("x" * 999, [], id="nobody's words are cut off"),
        ],
    )
    def test_a_note_goes_to_the_run(self, scripted, airflow, present, written):
        ready(scripted, ("t", -1, "failed"))
        scripted.script("GET", RUN, Says(data={"dag_id": "d", "dag_run_id": "r", "note": present}))
        airflow.clear(ORDER)

        assert [body["note"] for body in scripted.bodies("PATCH", NOTE)] == written

    def test_a_clear_stays_done_without_its_note(self, scripted, airflow):
        ready(scripted, ("t", -1, "failed"))
        scripted.script("PATCH", NOTE, FORBIDDEN)

        assert airflow.clear(ORDER) == (TaskKey("d", "r", "t"),)


class TestReading:
    def test_pages_without_an_order_are_read_again_until_they_are_whole(self, scripted, airflow):
        first, twice = [("m", index, "failed") for index in range(100)], [("m", 99, "failed")]
        pages = [listed(*first, total=101), listed(*twice, total=101)]
        scripted.script("GET", TASKS, *pages, pages[0], listed(("m", 100, "failed"), total=101))

        assert [each.key.map_index for each in airflow.task_instances("d", "r")] == list(range(101))

    def test_pages_that_never_fit_are_no_answer(self, scripted, airflow):
        scripted.script("GET", TASKS, listed(("m", 0, "failed"), ("m", 0, "failed")))

        with pytest.raises(Unavailable, match="changed while they were read"):
            airflow.task_instances("d", "r")

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param("[('host', 'start\\nTraceback (most recent call last):\\nKeyError: 1\\nend')]", id="pairs"),
            pytest.param("Traceback (most recent call last):\nKeyError: 1\nend", id="text"),
        ],
    )
    def test_the_error_is_found_in_logs_of_either_form(self, scripted, airflow, content):
        scripted.script("GET", f"{TASKS}/t/logs/1", Says(data={"content": content, "continuation_token": "x"}))

        assert airflow.error(TaskKey("d", "r", "t"), 1) == "KeyError: 1"

    def test_an_execution_date_is_a_logical_date_and_a_run_is_due_at_the_end_of_its_interval(self, scripted, airflow):
        moment = some_moment()
        row = {"dag_id": "d", "dag_run_id": "r", "execution_date": moment.isoformat()}
        scripted.script("GET", RUN, Says(data=row | {"data_interval_end": moment.isoformat()}))

        assert (airflow.run("d", "r").logical_at, airflow.run("d", "r").run_after) == (moment, moment)

    @pytest.mark.parametrize(
        ("facts", "schedule"),
        [
            pytest.param({"schedule_interval": None, "timetable_description": "Never"}, "", id="none"),
            pytest.param({"schedule_interval": {"__type": "CronExpression", "value": "@daily"}}, "@daily", id="cron"),
            pytest.param(
                {"schedule_interval": {"__type": "TimeDelta", "days": 1}, "timetable_description": "Every day"},
                "Every day",
                id="in words",
            ),
        ],
    )
    def test_a_schedule_is_read_as_it_is_written(self, scripted, airflow, facts, schedule):
        scripted.script("GET", DAG, Says(data={"dag_id": "d", "is_active": False, **facts}))

        assert (airflow.dag("d").schedule, airflow.dag("d").is_stale) == (schedule, True)

    def test_the_web_pages_are_those_of_its_version(self, scripted, airflow):
        airflow.version()

        grid = f"{scripted.url}/dags/d/grid"
        assert airflow.dag_url("d") == grid
        assert airflow.dag_url("d", "a:b") == f"{grid}?dag_run_id=a%3Ab"
        assert airflow.log_url(TaskKey("d", "r", "t", 2), 1) == f"{grid}?dag_run_id=r&task_id=t&map_index=2&tab=logs"


class TestStarting:
    def test_a_run_without_a_date_leaves_it_to_the_server(self, scripted, airflow):
        scripted.script("POST", RUNS, Says(data={"dag_id": "d", "dag_run_id": "x", "state": "queued"}))
        airflow.trigger(Trigger("d", "x"))

        assert scripted.bodies("POST", RUNS) == [{"dag_run_id": "x", "conf": {}}]

    @pytest.mark.parametrize(
        "ask",
        [
            pytest.param(lambda airflow: airflow.trigger(Trigger("d", "x", partition_key="k")), id="partition"),
            pytest.param(lambda airflow: airflow.start_backfill(FILL), id="backfill"),
            pytest.param(lambda airflow: airflow.preview_backfill(FILL), id="preview of a backfill"),
            pytest.param(lambda airflow: airflow.backfills("d"), id="backfills"),
            pytest.param(lambda airflow: airflow.cancel_backfill(3), id="end of a backfill"),
        ],
    )
    def test_what_it_cannot_do_is_refused_before_it_is_asked(self, scripted, airflow, ask):
        with pytest.raises(Unsupported):
            ask(airflow)

        assert {asked.method for asked in scripted.asked} == {"GET"}


FILL = Backfill("d", Window(some_moment(), some_moment()))


class TestSpeaking:
    def test_a_password_goes_along_with_each_request_and_buys_no_token(self, scripted, airflow):
        scripted.script("GET", DAG, Says(data={"dag_id": "d"}))
        airflow.dag("d")

        assert [asked.token for asked in scripted.asked if asked.path == DAG] == [BASIC]
        assert scripted.count("POST", "/auth/token") == 0

    def test_a_fixed_token_works_here_too(self, scripted):
        scripted.script("GET", DAG, Says(data={"dag_id": "d"}))
        airflow = connect("prod", scripted.url, Credentials(token="fixed"))

        assert airflow.dag("d").dag_id == "d"
        assert {asked.token for asked in scripted.asked} == {"fixed"}
        airflow.close()

    def test_who_may_not_even_look_is_not_known(self, scripted, airflow):
        scripted.script("GET", DAG, FORBIDDEN)
        scripted.script("GET", DAGS, FORBIDDEN)

        with pytest.raises(NotAuthenticated, match="does not know this account"):
            airflow.dag("d")

    def test_who_may_look_lacks_a_right(self, scripted, airflow):
        scripted.script("POST", CLEAR, FORBIDDEN)
        scripted.script("GET", DAGS, Says(data={"dags": [], "total_entries": 0}))

        with pytest.raises(Forbidden):
            airflow.preview_clear(ORDER)

    @pytest.mark.parametrize("credentials", [Credentials(token="fixed"), Credentials("baton", "pass")])
    def test_the_configuration_may_say_the_version_so_that_nobody_asks(self, scripted, credentials):
        scripted.script("GET", DAG, Says(data={"dag_id": "d"}))
        airflow = connect("prod", scripted.url, credentials, api="v1")

        assert airflow.dag("d").dag_id == "d"
        assert airflow.dag_url("d").endswith("/grid")
        assert {asked.path for asked in scripted.asked} == {DAG}
        airflow.close()

    def test_a_version_that_was_said_wrongly_is_told(self, scripted):
        airflow = connect("prod", scripted.url, Credentials(token="fixed"), api="v2")

        with pytest.raises(Unavailable, match="has no /api/v2"):
            airflow.version()
        airflow.close()

    def test_a_server_that_became_airflow_3_is_spoken_to_as_such(self, scripted, airflow):
        airflow.version()
        removed = {"error": "/api/v1 has been removed in Airflow 3, please use its upgraded version /api/v2 instead."}
        scripted.script("GET", DAG, Says(404, removed))
        scripted.script("GET", "/api/v2/version", Says(data={"version": "3.3.2"}))
        scripted.script("GET", "/api/v2/dags/d", Says(data={"dag_id": "d"}))

        with pytest.raises(Unavailable, match="Airflow 3"):
            airflow.dag("d")
        assert airflow.dag("d").dag_id == "d"
