"""the shift"""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "askings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("fields", bot.store.types.Json(), nullable=False),
        sa.Column("at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_askings")),
    )
    with op.batch_alter_table("askings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_askings_channel_ts"), ["channel", "ts"], unique=True)

    op.create_table(
        "covers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("open_key", sa.String(length=200), nullable=True),
        sa.Column("schedule", sa.String(length=80), nullable=False),
        sa.Column("is_direct", sa.Boolean(), nullable=False),
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("requester", sa.String(length=20), nullable=False),
        sa.Column("relieved", sa.String(length=20), nullable=True),
        sa.Column("relieved_name", sa.Text(), nullable=False),
        sa.Column("asked", sa.String(length=20), nullable=True),
        sa.Column("taker", sa.String(length=20), nullable=True),
        sa.Column("person", sa.String(length=200), nullable=True),
        sa.Column("rotations", bot.store.types.Json(), nullable=False),
        sa.Column("start_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("end_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("created_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sent_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("override_id", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", bot.store.types.Json(), nullable=True),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
        sa.UniqueConstraint("open_key", name=op.f("uq_covers_open_key")),
    )
    with op.batch_alter_table("covers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_covers_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_covers_schedule_end_at"), ["schedule", "end_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_covers_stage_expires_at"), ["stage", "expires_at"], unique=False)

    op.create_table(
        "digests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("told_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", bot.store.types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("due_on", name=op.f("uq_digests_due_on")),
    )
    op.create_table(
        "escalations",
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_escalations")),
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalations_next_at"), ["next_at"], unique=False)

    op.create_table(
        "first_shifts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("started_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("results", bot.store.types.Json(), nullable=False),
        sa.Column("runbooks", bot.store.types.Json(), nullable=False),
        sa.Column("drill", sa.String(length=16), nullable=False),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_shifts")),
    )
    with op.batch_alter_table("first_shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_first_shifts_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_first_shifts_team_user"), ["team", "user"], unique=True)

    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("shift_start", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("since", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("open_key", sa.String(length=120), nullable=True),
        sa.Column("boundary_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("outgoing", bot.store.types.Json(), nullable=False),
        sa.Column("incoming", bot.store.types.Json(), nullable=False),
        sa.Column("by_plan", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("said", bot.store.types.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("edited_by", sa.String(length=20), nullable=True),
        sa.Column("edited_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("drafted_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=20), nullable=True),
        sa.Column("posted_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("posted_signed", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("accepted_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.String(length=20), nullable=True),
        sa.Column("reminded_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("pictured_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("picture_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("picture_due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("canvased_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("canvas_id", sa.String(length=32), nullable=True),
        sa.Column("canvas_shows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("canvas_problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("open_key", name=op.f("uq_handoffs_open_key")),
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoffs_schedule_shift_start"), ["schedule", "shift_start"], unique=True)
        batch_op.create_index(batch_op.f("ix_handoffs_state"), ["state"], unique=False)

    op.create_table(
        "homes",
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("opened_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("page", sa.Integer(), server_default="0", nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("looked_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("shown_digest", sa.String(length=64), nullable=True),
        sa.Column("view_hash", sa.String(length=80), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("turn_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("team", "user", name=op.f("pk_homes")),
    )
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_homes_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_homes_opened_at"), ["opened_at"], unique=False)

    op.create_table(
        "hook_calls",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("alert_id", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("updated_at", sa.String(length=24), nullable=False),
        sa.Column("received_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "alert_id", "action", "updated_at", name=op.f("pk_hook_calls")),
    )
    with op.batch_alter_table("hook_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hook_calls_received_at"), ["received_at"], unique=False)

    op.create_table(
        "interruptions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruptions")),
    )
    with op.batch_alter_table("interruptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interruptions_schedule_at"), ["schedule", "at"], unique=False)

    op.create_table(
        "next_shifts",
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("known", bot.store.types.Json(), nullable=True),
        sa.Column("changed", bot.store.types.Json(), nullable=True),
        sa.Column("changed_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("own_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("schedule", "user", name=op.f("pk_next_shifts")),
    )
    op.create_table(
        "outages",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("since", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "since", name=op.f("pk_outages")),
    )
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outages_source_until"), ["source", "until"], unique=False)

    op.create_table(
        "page_deeds",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=True),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recipient", bot.store.types.Json(), nullable=True),
        sa.Column("asked_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("request_ref", sa.Text(), nullable=True),
        sa.Column("why", bot.store.types.Json(), nullable=True),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_deeds")),
        sa.UniqueConstraint("key", name=op.f("uq_page_deeds_key")),
    )
    with op.batch_alter_table("page_deeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_deeds_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_deeds_ref"), ["ref"], unique=False)

    op.create_table(
        "paged_alerts",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("alert_id", sa.String(length=120), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=True),
        sa.Column("alias", sa.String(length=512), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("tiny_id", sa.String(length=20), server_default="", nullable=False),
        sa.Column("priority", sa.String(length=4), server_default="", nullable=False),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("is_acknowledged", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("snoozed_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("problem", bot.store.types.Json(), nullable=True),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("provider", "alert_id", name=op.f("pk_paged_alerts")),
    )
    with op.batch_alter_table("paged_alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paged_alerts_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_paged_alerts_ref"), ["ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_paged_alerts_tiny_id"), ["tiny_id"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("user", sa.String(length=20), nullable=False),
        sa.Column("start_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seconds_before", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("schedule", "user", "start_at", "seconds_before", name=op.f("pk_reminders")),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("open_key", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("fields", bot.store.types.Json(), nullable=False),
        sa.Column("needed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("is_urgent", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("requester", sa.String(length=120), nullable=False),
        sa.Column("registered_by", sa.String(length=120), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message_ts", sa.String(length=32), server_default="", nullable=False),
        sa.Column("thread_ts", sa.String(length=32), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("schedule", sa.String(length=80), nullable=False),
        sa.Column("opened_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("assignee", sa.String(length=120), nullable=True),
        sa.Column("taken_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("called", bot.store.types.Json(), nullable=False),
        sa.Column("mention_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mentioned_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("waits_for_requester", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("waits_for", sa.Text(), server_default="", nullable=False),
        sa.Column("waiting_since", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("left_seconds", sa.Integer(), nullable=True),
        sa.Column("told", bot.store.types.Json(), server_default="[]", nullable=False),
        sa.Column("look_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=True),
        sa.Column("duplicate_of", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_requests_key")),
        sa.UniqueConstraint("open_key", name=op.f("uq_requests_open_key")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_channel_thread_ts"), ["channel", "thread_ts"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_duplicate_of"), ["duplicate_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_look_at"), ["look_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_requests_requester_ended_at_id"), ["requester", "ended_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_requests_requester_id"), ["requester", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "shifts_told",
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("people", bot.store.types.Json(), nullable=False),
        sa.Column("since", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cover_of", bot.store.types.Json(), nullable=True),
        sa.Column("unconfirmed_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("known_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("strangers", bot.store.types.Json(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("schedule", name=op.f("pk_shifts_told")),
    )
    op.create_table(
        "stints",
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("since", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("certainty", sa.String(length=12), nullable=False),
        sa.Column("people", bot.store.types.Json(), nullable=False),
        sa.Column("rotation", sa.Text(), nullable=False),
        sa.Column("is_override", sa.Boolean(), nullable=False),
        sa.Column("problem", bot.store.types.Json(), nullable=True),
        sa.PrimaryKeyConstraint("schedule", "since", name=op.f("pk_stints")),
    )
    with op.batch_alter_table("stints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stints_schedule_until"), ["schedule", "until"], unique=False)

    op.create_table(
        "synced_groups",
        sa.Column("group_id", sa.String(length=20), nullable=False),
        sa.Column("parts", bot.store.types.Json(), nullable=False),
        sa.Column("members", bot.store.types.Json(), nullable=False),
        sa.Column("told", bot.store.types.Json(), nullable=True),
        sa.Column("problem", bot.store.types.Json(), nullable=True),
        sa.Column("wanted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_synced_groups")),
    )
    with op.batch_alter_table("synced_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_synced_groups_due_at"), ["due_at"], unique=False)

    op.create_table(
        "topics",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("parts", bot.store.types.Json(), nullable=False),
        sa.Column("told", bot.store.types.Json(), nullable=True),
        sa.Column("problem", bot.store.types.Json(), nullable=True),
        sa.Column("wanted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_topics")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topics_due_at"), ["due_at"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=True),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("created_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=20), nullable=False),
        sa.Column("done_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_follow_ups_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_handoff_id"), ["handoff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_schedule_done_at"), ["schedule", "done_at"], unique=False)

    op.create_table(
        "followers",
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("since", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=20), server_default="", nullable=False),
        sa.Column("thread_ts", sa.String(length=32), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_followers_request_id")),
        sa.PrimaryKeyConstraint("request_id", "actor", name=op.f("pk_followers")),
    )
    with op.batch_alter_table("followers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_followers_actor_request_id"), ["actor", "request_id"], unique=False)

    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alt", bot.store.types.Json(), nullable=True))

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_ended_at_id"), ["ended_at", "id"], unique=False)

    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stale_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_incidents_resolved_at_id"), ["resolved_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_stale_at_id"), ["stale_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_incidents_state_severity_id"),
            ["state", "severity", "id"],
            unique=False,
            postgresql_where=sa.text("root_id IS NULL"),
            sqlite_where=sa.text("root_id IS NULL"),
        )

    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("closed_by", sa.String(length=120), nullable=True))
        batch_op.create_index(batch_op.f("ix_pages_is_wanted_wanted_at"), ["is_wanted", "wanted_at"], unique=False)

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_ended_at_id"), ["ended_at", "id"], unique=False)

    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facts", bot.store.types.Json(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.drop_column("facts")

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_ended_at_id"))

    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pages_is_wanted_wanted_at"))
        batch_op.drop_column("closed_by")
        batch_op.drop_column("message")

    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_incidents_state_severity_id"),
            postgresql_where=sa.text("root_id IS NULL"),
            sqlite_where=sa.text("root_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_incidents_stale_at_id"))
        batch_op.drop_index(batch_op.f("ix_incidents_resolved_at_id"))
        batch_op.drop_column("stale_at")

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grants_ended_at_id"))

    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_column("alt")

    with op.batch_alter_table("followers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_followers_actor_request_id"))

    op.drop_table("followers")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_ups_schedule_done_at"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_handoff_id"))

    op.drop_table("follow_ups")
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topics_due_at"))

    op.drop_table("topics")
    with op.batch_alter_table("synced_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_synced_groups_due_at"))

    op.drop_table("synced_groups")
    with op.batch_alter_table("stints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stints_schedule_until"))

    op.drop_table("stints")
    op.drop_table("shifts_told")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_state_id"))
        batch_op.drop_index(batch_op.f("ix_requests_requester_id"))
        batch_op.drop_index(batch_op.f("ix_requests_requester_ended_at_id"))
        batch_op.drop_index(batch_op.f("ix_requests_opened_at"))
        batch_op.drop_index(batch_op.f("ix_requests_look_at"))
        batch_op.drop_index(batch_op.f("ix_requests_ended_at"))
        batch_op.drop_index(batch_op.f("ix_requests_duplicate_of"))
        batch_op.drop_index(batch_op.f("ix_requests_channel_thread_ts"))

    op.drop_table("requests")
    op.drop_table("reminders")
    with op.batch_alter_table("paged_alerts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paged_alerts_tiny_id"))
        batch_op.drop_index(batch_op.f("ix_paged_alerts_ref"))
        batch_op.drop_index(batch_op.f("ix_paged_alerts_due_at"))

    op.drop_table("paged_alerts")
    with op.batch_alter_table("page_deeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_deeds_ref"))
        batch_op.drop_index(batch_op.f("ix_page_deeds_due_at"))

    op.drop_table("page_deeds")
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outages_source_until"))

    op.drop_table("outages")
    op.drop_table("next_shifts")
    with op.batch_alter_table("interruptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interruptions_schedule_at"))

    op.drop_table("interruptions")
    with op.batch_alter_table("hook_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_calls_received_at"))

    op.drop_table("hook_calls")
    with op.batch_alter_table("homes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_homes_opened_at"))
        batch_op.drop_index(batch_op.f("ix_homes_due_at"))

    op.drop_table("homes")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoffs_state"))
        batch_op.drop_index(batch_op.f("ix_handoffs_schedule_shift_start"))

    op.drop_table("handoffs")
    with op.batch_alter_table("first_shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_first_shifts_team_user"))
        batch_op.drop_index(batch_op.f("ix_first_shifts_due_at"))

    op.drop_table("first_shifts")
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalations_next_at"))

    op.drop_table("escalations")
    op.drop_table("digests")
    with op.batch_alter_table("covers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_covers_stage_expires_at"))
        batch_op.drop_index(batch_op.f("ix_covers_schedule_end_at"))
        batch_op.drop_index(batch_op.f("ix_covers_due_at"))

    op.drop_table("covers")
    with op.batch_alter_table("askings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_askings_channel_ts"))

    op.drop_table("askings")
