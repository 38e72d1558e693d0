"""The request bodies, checked as the server checks them: unknown keys refused, dates aware."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeInt, model_validator

Note = Annotated[str, Field(max_length=1000)]
TaskState = Literal[
    "removed", "scheduled", "queued", "running", "success", "restarting", "failed", "up_for_retry",
    "up_for_reschedule", "upstream_failed", "skipped", "deferred", "awaiting_input",
]  # fmt: skip


class Body(BaseModel):
    """A request body. `since` names the minor version that introduced a key."""

    model_config = ConfigDict(extra="forbid")


class TokenBody(BaseModel):
    username: str
    password: str


class ClearBody(Body):
    dry_run: bool = True
    start_date: AwareDatetime | None = None
    end_date: AwareDatetime | None = None
    only_failed: bool = True
    only_running: bool = False
    reset_dag_runs: bool = True
    task_ids: list[str | tuple[str, int]] | None = None
    dag_run_id: str | None = None
    include_upstream: bool = False
    include_downstream: bool = False
    include_future: bool = False
    include_past: bool = False
    run_on_latest_version: bool | None = None
    prevent_running_task: bool = False
    note: Note | None = None

    @model_validator(mode="before")
    @classmethod
    def _combination(cls, given: Any) -> Any:
        if given.get("only_failed") and given.get("only_running"):
            raise ValueError("only_failed and only_running both are set to True")
        start, end, run = given.get("start_date"), given.get("end_date"), given.get("dag_run_id")
        if start and end and str(start) > str(end):  # compared as texts, before they are parsed
            raise ValueError("end_date is sooner than start_date")
        if run and (start or end):
            raise ValueError("Exactly one of dag_run_id or (start_date and end_date) must be provided")
        if given.get("task_ids") == []:
            raise ValueError("task_ids list should have at least 1 element.")
        return given


class RunClearBody(Body):
    dry_run: bool = True
    only_failed: bool = False
    only_new: bool = False
    run_on_latest_version: bool | None = None
    note: Note | None = None


class PatchInstanceBody(Body):
    new_state: Literal["success", "failed", "skipped"] | None = None
    note: Note | None = None
    include_upstream: bool = False
    include_downstream: bool = False
    include_future: bool = False
    include_past: bool = False

    @model_validator(mode="after")
    def _state_given_is_not_empty(self) -> Self:
        if "new_state" in self.model_fields_set and self.new_state is None:
            raise ValueError("'new_state' should not be empty")
        return self


class PatchRunBody(Body):
    state: Literal["queued", "success", "failed"] | None = None
    note: Note | None = None


class PatchDagBody(Body):
    is_paused: bool


class TriggerBody(Body):
    logical_date: AwareDatetime | None  # required, null allowed
    dag_run_id: str | None = None
    data_interval_start: AwareDatetime | None = None
    data_interval_end: AwareDatetime | None = None
    run_after: AwareDatetime | None = None
    conf: dict[str, Any] | None = None
    note: Note | None = None
    partition_key: str | None = None

    @model_validator(mode="after")
    def _interval_is_whole(self) -> Self:
        if (self.data_interval_start is None) != (self.data_interval_end is None):
            raise ValueError(
                "Either both data_interval_start and data_interval_end must be provided or both must be None"
            )
        return self


class ListInstancesBody(Body):
    dag_ids: list[str] | None = None
    dag_run_ids: list[str] | None = None
    task_ids: list[str] | None = None
    state: list[TaskState | None] | None = None
    run_after_gte: AwareDatetime | None = None
    run_after_gt: AwareDatetime | None = None
    run_after_lte: AwareDatetime | None = None
    run_after_lt: AwareDatetime | None = None
    logical_date_gte: AwareDatetime | None = None
    logical_date_gt: AwareDatetime | None = None
    logical_date_lte: AwareDatetime | None = None
    logical_date_lt: AwareDatetime | None = None
    start_date_gte: AwareDatetime | None = None
    start_date_gt: AwareDatetime | None = None
    start_date_lte: AwareDatetime | None = None
    start_date_lt: AwareDatetime | None = None
    end_date_gte: AwareDatetime | None = None
    end_date_gt: AwareDatetime | None = None
    end_date_lte: AwareDatetime | None = None
    end_date_lt: AwareDatetime | None = None
    duration_gte: float | None = None
    duration_gt: float | None = None
    duration_lte: float | None = None
    duration_lt: float | None = None
    pool: list[str] | None = None
    queue: list[str] | None = None
    executor: list[str] | None = None
    page_offset: NonNegativeInt = 0
    page_limit: NonNegativeInt = 100
    order_by: str | None = None


class BackfillBody(Body):
    dag_id: str
    from_date: AwareDatetime
    to_date: AwareDatetime
    run_backwards: bool = False
    dag_run_conf: dict[str, Any] | None = None
    reprocess_behavior: Literal["none", "failed", "completed"] = "none"
    max_active_runs: int = 10
    run_on_latest_version: bool | None = None


SINCE: Final[dict[type[BaseModel], dict[str, int]]] = {
    ClearBody: {"run_on_latest_version": 1, "prevent_running_task": 2, "note": 3},
    RunClearBody: {"run_on_latest_version": 1, "only_new": 3, "note": 3},
    TriggerBody: {"partition_key": 2},
    BackfillBody: {"run_on_latest_version": 1},
}
"""The minor version of Airflow 3 that first knew a key; older servers refuse it as an extra key."""
