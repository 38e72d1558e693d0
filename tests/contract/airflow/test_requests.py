"""What is sent: every flag said aloud, nothing that the server's version does not know, no way to mean every run."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.adapters.airflow import Credentials, connect
from bot.ports.airflow import Clear, Task, TaskChoice, TaskKey, Window
from bot.ports.errors import Conflict, NotFound, Rejected, Unavailable
from tests.contract.airflow.scripted import Drops, Says

DAG, CLEAR = "/api/v2/dags/d", "/api/v2/dags/d/clearTaskInstances"
RUNS, FAILED = "/api/v2/dags/d/dagRuns", "/api/v2/dags/~/dagRuns/~/taskInstances"
ORDER = Clear("d", "r", (TaskChoice("t"), TaskChoice("m", 2)), downstream=True, note="why")
TOKEN = Credentials(token="t")
EVERY_VERSION = {
    "dry_run": False,
    "dag_run_id": "r",
    "task_ids": ["t", ["m", 2]],
    "only_failed": True,
    "only_running": False,
    "include_upstream": False,
    "include_downstream": True,
    "include_past": False,
    "include_future": False,
    "reset_dag_runs": True,
}


def instance(**facts):
    return {
        "dag_id": "d",
        "dag_run_id": "r",
        "task_id": "t",
        "map_index": -1,
        "state": "failed",
        "try_number": 1,
    } | facts


def page(*rows, total=None):
    return Says(data={"task_instances": list(rows), "total_entries": len(rows) if total is None else total})


class TestClear:
    @pytest.mark.parametrize(
        ("version", "more"),
        [
            ("3.0.6", {}),
            ("3.1.8", {}),
            ("3.2.2", {"prevent_running_task": True}),
            ("3.3.2", {"prevent_running_task": True, "note": "why"}),
            ("3.4.0rc1", {"prevent_running_task": True, "note": "why"}),
        ],
    )
    def test_the_body_says_everything_that_this_version_knows(self, scripted, airflow, version, more):
        scripted.script("GET", "/api/v2/version", Says(data={"version": version}))
        scripted.script("POST", CLEAR, page(instance()))

        assert airflow.clear(ORDER) == (TaskKey("d", "r", "t"),)
        assert scripted.bodies("POST", CLEAR) == [EVERY_VERSION | more]

    def test_a_preview_sends_the_same_but_dry(self, scripted, airflow):
        scripted.script("POST", CLEAR, page(instance()))
        airflow.preview_clear(ORDER)
        airflow.clear(ORDER)

        dry, real = scripted.bodies("POST", CLEAR)
        assert dry == real | {"dry_run": True}

    def test_a_long_note_is_cut_to_what_the_server_takes(self, scripted, airflow):
        scripted.script("POST", CLEAR, page())
        airflow.clear(Clear("d", "r", (TaskChoice("t"),), note="x" * 2000))

        assert len(scripted.bodies("POST", CLEAR)[0]["note"]) == 1000

    @pytest.mark.parametrize(("version", "noted"), [("3.2.2", ["by hand\nwhy"]), ("3.3.2", [])])
    def test_a_server_whose_tasks_take_no_notes_keeps_them_at_the_run(self, scripted, airflow, version, noted):
        run = Says(data={"dag_id": "d", "dag_run_id": "r", "state": "queued", "note": "by hand"})
        scripted.script("GET", "/api/v2/version", Says(data={"version": version}))
        scripted.script("POST", CLEAR, page(instance()))
        scripted.script("GET", f"{RUNS}/r", run)
        scripted.script("PATCH", f"{RUNS}/r", run)
        airflow.clear(ORDER)

        assert [body["note"] for body in scripted.bodies("PATCH", f"{RUNS}/r")] == noted

    @pytest.mark.parametrize(
        "unbounded",
        [
            pytest.param(Clear("d", "", (TaskChoice("t"),)), id="no run"),
            pytest.param(Clear("d", "r", ()), id="no tasks"),
            pytest.param(Clear("d", "r", (TaskChoice(""),)), id="a task without a name"),
        ],
    )
    def test_a_clear_without_a_run_or_tasks_is_never_sent(self, scripted, airflow, unbounded):
        for ask in (airflow.preview_clear, airflow.clear):
            with pytest.raises(ValueError, match="one dag run"):
                ask(unbounded)

        assert scripted.count("POST", CLEAR) == 0

    @pytest.mark.parametrize(
        ("version", "refuse_running", "is_sent"),
        [("3.0.6", True, False), ("3.0.6", False, False), ("3.1.8", True, False), ("3.1.8", False, True)],
    )
    def test_before_3_2_running_tasks_are_looked_for_first(self, scripted, airflow, version, refuse_running, is_sent):
        scripted.script("GET", "/api/v2/version", Says(data={"version": version}))
        scripted.script("POST", CLEAR, page(instance(state="running")))
        order = Clear("d", "r", (TaskChoice("t"),), only_failed=False, refuse_running=refuse_running)

        if is_sent:
            airflow.clear(order)
        else:
            with pytest.raises(Conflict, match="running"):
                airflow.clear(order)
        assert [body["dry_run"] for body in scripted.bodies("POST", CLEAR)] == ([False] if is_sent else [True])

    @pytest.mark.parametrize("sign", [Drops, Says(422, {"detail": [{"loc": ["body", "note"], "msg": "Extra"}]})])
    def test_a_server_that_went_away_or_balked_is_asked_for_its_version_again(self, scripted, airflow, sign):
        scripted.script("GET", "/api/v2/version", Says(data={"version": "3.3.2"}), Says(data={"version": "3.2.2"}))
        scripted.script("POST", CLEAR, page(), sign)
        airflow.preview_clear(ORDER)
        with pytest.raises((Unavailable, Rejected)):
            airflow.preview_clear(ORDER)

        scripted.script("POST", CLEAR, page())
        airflow.preview_clear(ORDER)
        assert "note" not in scripted.bodies("POST", CLEAR)[-1]
        assert scripted.count("GET", "/api/v2/version") == 2

    def test_requeue_says_only_the_state(self, scripted, airflow):
        scripted.script("PATCH", f"{RUNS}/r", Says(data={"dag_id": "d", "dag_run_id": "r", "state": "queued"}))
        airflow.requeue("d", "r")

        assert scripted.bodies("PATCH", f"{RUNS}/r") == [{"state": "queued"}]


class TestAsking:
    def test_ids_are_quoted_in_paths(self, scripted, airflow):
        with pytest.raises(NotFound):
            airflow.run("a/b", "manual__2026-01-01T00:00:00+00:00")

        (asked,) = [asked for asked in scripted.asked if asked.path.startswith("/api/v2/dags")]
        assert asked.path == "/api/v2/dags/a%2Fb/dagRuns/manual__2026-01-01T00%3A00%3A00%2B00%3A00"

    def test_times_are_sent_in_utc_and_states_one_by_one(self, scripted, airflow):
        scripted.script("GET", FAILED, page())
        airflow.failed(datetime(2026, 1, 3, 1, tzinfo=timezone(timedelta(hours=9))))

        (asked,) = [asked for asked in scripted.asked if asked.path == FAILED]
        assert asked.query["end_date_gte"] == ["2026-01-02T16:00:00.000000Z"]
        assert asked.query["state"] == ["failed", "upstream_failed"]

    def test_a_logical_date_is_asked_for_from_both_sides(self, scripted, airflow):
        scripted.script("GET", RUNS, Says(data={"dag_runs": [], "total_entries": 0}))
        airflow.runs("d", window=Window(datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)))

        (asked,) = [asked for asked in scripted.asked if asked.path == RUNS]
        assert asked.query["logical_date_gte"] == asked.query["logical_date_lte"] == ["2026-01-03T00:00:00.000000Z"]

    def test_what_was_due_is_asked_for_by_its_due_time_alone(self, scripted, airflow):
        scripted.script("GET", RUNS, Says(data={"dag_runs": [], "total_entries": 0}))
        airflow.runs_due("d", Window(datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC)), 100)

        (asked,) = [asked for asked in scripted.asked if asked.path == RUNS]
        assert asked.query["run_after_gte"] == ["2026-01-03T00:00:00.000000Z"]
        assert asked.query["run_after_lte"] == ["2026-01-04T00:00:00.000000Z"]
        assert "logical_date_gte" not in asked.query

    @pytest.mark.parametrize("cap", [100, 40], ids=["the usual cap", "a lower cap"])
    def test_pages_are_walked_to_the_end_although_the_server_cuts_them(self, scripted, airflow, cap):
        rows = [instance(task_id=f"t{number}") for number in range(250)]

        def answer(asked):
            start, size = int(asked.query["offset"][0]), min(cap, int(asked.query["limit"][0]))
            return page(*rows[start : start + size], total=len(rows))

        scripted.script("GET", f"{RUNS}/r/taskInstances", answer)
        assert [found.key.task_id for found in airflow.task_instances("d", "r")] == [row["task_id"] for row in rows]

    def test_what_two_pages_both_show_counts_once(self, scripted, airflow):
        pages = page(instance(task_id="a"), total=3), page(instance(task_id="a"), total=3), page(instance(), total=3)
        scripted.script("GET", f"{RUNS}/r/taskInstances", *pages)

        assert [found.key.task_id for found in airflow.task_instances("d", "r")] == ["a", "t"]

    def test_no_more_is_asked_than_wanted(self, scripted, airflow):
        scripted.script("GET", FAILED, page(*(instance(task_id=str(number)) for number in range(5)), total=900))
        airflow.failed(datetime(2026, 1, 3, tzinfo=UTC), limit=5)

        (asked,) = [asked for asked in scripted.asked if asked.path == FAILED]
        assert asked.query["limit"] == ["5"]

    def test_pages_without_a_total_are_walked_until_one_is_empty(self, scripted, airflow):
        pages = [Says(data={"task_instances": rows}) for rows in ([instance(task_id="a")], [instance()], [])]
        scripted.script("GET", f"{RUNS}/r/taskInstances", *pages)

        assert len(airflow.task_instances("d", "r")) == 2

    @pytest.mark.parametrize("name", ["", "~", ".", ".."])
    def test_a_name_that_means_another_address_is_never_sent(self, scripted, airflow, name):
        for ask in (lambda: airflow.dag(name), lambda: airflow.requeue("d", name), lambda: airflow.run("d", name)):
            with pytest.raises(NotFound):
                ask()

        assert {asked.path for asked in scripted.asked} <= {"/api/v2/version"}

    def test_a_page_that_stays_empty_ends_the_walk(self, scripted, airflow):
        scripted.script("GET", f"{RUNS}/r/taskInstances", page(total=7))

        assert airflow.task_instances("d", "r") == ()


class TestReadingAnswers:
    def test_null_and_missing_fields_and_new_states_lose_no_page(self, scripted, airflow):
        bare = {"dag_id": "d", "dag_run_id": "r", "task_id": "bare"}
        odd = instance(state="hibernating", start_date="yesterday", note=None, operator=None, max_tries=None)
        scripted.script("GET", f"{RUNS}/r/taskInstances", page(bare, odd))

        first, second = airflow.task_instances("d", "r")
        assert (first.key.map_index, first.state, first.try_number) == (-1, None, 0)
        assert (second.state, second.started_at, second.note) == ("hibernating", None, "")

    @pytest.mark.parametrize(
        ("backoff", "grows"),
        [(None, False), (False, False), (True, True), (0, False), (0.0, False), (1.0, False), (2.0, True)],
    )
    def test_a_pause_that_grows_is_told_in_every_version(self, scripted, airflow, backoff, grows):
        pause = {"__type": "TimeDelta", "days": 1, "seconds": 90, "microseconds": 0}
        row = {"task_id": "t", "retries": 3.0, "retry_delay": pause, "retry_exponential_backoff": backoff}
        scripted.script("GET", f"{DAG}/tasks/t", Says(data=row))

        assert airflow.task("d", "t") == Task(
            "t", retries=3, retry_delay=timedelta(days=1, seconds=90), retry_delay_grows=grows
        )

    @pytest.mark.parametrize("pause", [None, 300, "00:05:00", {}])
    def test_a_pause_in_another_form_is_not_known(self, scripted, airflow, pause):
        scripted.script("GET", f"{DAG}/tasks/t", Says(data={"task_id": "t", "retry_delay": pause}))

        assert airflow.task("d", "t").retry_delay is None

    def test_times_are_aware_utc(self, scripted, airflow):
        row = {"dag_id": "d", "dag_run_id": "r", "state": "failed", "logical_date": "2026-01-03T09:00:00+09:00"}
        scripted.script("GET", f"{RUNS}/r", Says(data=row))

        assert airflow.run("d", "r").logical_at == datetime(2026, 1, 3, tzinfo=UTC)
        assert airflow.run("d", "r").logical_at.tzinfo is UTC

    def test_the_web_pages_are_on_the_address_for_people(self, scripted):
        airflow = connect("prod", scripted.url, TOKEN, external_url="https://airflow.example/data/")

        assert airflow.dag_url("d") == "https://airflow.example/data/dags/d"
        assert airflow.dag_url("d", "a:b") == "https://airflow.example/data/dags/d/runs/a%3Ab"
        task = "https://airflow.example/data/dags/d/runs/r/tasks/t"
        assert airflow.log_url(TaskKey("d", "r", "t"), 2) == f"{task}?try_number=2"
        assert airflow.log_url(TaskKey("d", "r", "t", 3), 1) == f"{task}/mapped/3?try_number=1"
        assert airflow.log_url(TaskKey("d", "r", "t"), 0) == task

    def test_without_an_address_for_people_it_is_the_servers(self, scripted):
        assert connect("prod", scripted.url, TOKEN).dag_url("d") == f"{scripted.url}/dags/d"


def test_an_adapter_needs_credentials():
    with pytest.raises(ValueError, match="token"):
        Credentials("baton")


def test_threads_that_meet_an_expired_token_log_in_once_together(scripted):
    airflow = connect("prod", scripted.url, Credentials("u", "p", "old"))
    together = threading.Barrier(8)

    def answer(asked):
        if asked.token == "old":
            together.wait(5)
            return Says(401, {"detail": "Token Expired"})
        return Says(data={"dag_id": "d"})

    scripted.script("GET", DAG, answer)
    found = []
    threads = [threading.Thread(target=lambda: found.append(airflow.dag("d"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert scripted.count("POST", "/auth/token") == 1
    airflow.close()
