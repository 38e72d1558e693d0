"""Every table, in the order in which a message passes through them. Enums are kept as their words."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from bot.store.types import Json, UtcDateTime, id_type

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", id_type(), primary_key=True)


def _claimable() -> list[Column[object]]:
    """Return the columns by which `bot.store.claim` hands rows to reconcilers. `due_at` null: nothing to do."""
    return [
        Column("due_at", UtcDateTime),
        Column("lease_until", UtcDateTime),
        Column("lease_owner", String(80)),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("version", Integer, nullable=False, server_default="0"),
    ]


# What came from Slack

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("event_id", String(80), nullable=False, unique=True),
    Column("team", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("ts", String(32), nullable=False),
    Column("revision", String(80), nullable=False),  # tells the edits of one message apart
    Column("thread_ts", String(32)),
    Column("kind", String(12), nullable=False),
    Column("sender", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("payload", Json, nullable=False),
    Index(None, "channel", "ts", "revision", unique=True),  # as an event or out of the history: once
)

catch_ups = Table(  # up to where each channel was compared with Slack's own history
    "catch_ups",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("read_until", UtcDateTime, nullable=False),
)

# Incidents

storms = Table(  # many new incidents of one channel in a short time
    "storms",
    metadata,
    _id(),
    Column("route", String(80), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("open_key", String(20), unique=True),  # the channel while it lasts, else null
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("called", Json, nullable=False),  # whom it called, and how certain they are
    Column("mentioned_at", UtcDateTime),
    *_claimable(),
    Index(None, "due_at"),
)

incidents = Table(
    "incidents",
    metadata,
    _id(),
    Column("route", String(80), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("open_key", String(160), unique=True),  # route and fingerprint while unresolved, else null
    Column("source", String(40), nullable=False),
    Column("resource", Json, nullable=False),
    Column("title", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("severity", String(12), nullable=False),
    Column("topic", String(60)),
    Column("owner", Text, nullable=False),
    Column("links", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("team", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("message_ts", String(32), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("noticed_at", UtcDateTime),  # where its first message was read afterwards
    Column("raised_at", UtcDateTime, nullable=False),  # when it opened, or last reopened
    Column("last_alert_at", UtcDateTime, nullable=False),
    Column("alert_count", Integer, nullable=False),
    Column("reopen_count", Integer, nullable=False, server_default="0"),
    Column("reopened_at", Json, nullable=False, server_default="[]"),  # within a day before the last time
    Column("closed_seconds", Integer, nullable=False, server_default="0"),  # between its ends and its reopenings
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", String(120)),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", String(120)),
    Column("stale_at", UtcDateTime),  # when it went quiet, the last time
    Column("cause", String(24)),
    Column("remedy", String(24)),
    Column("remark", Text),  # on cause and remedy, in the words of who resolved it
    Column("operation", String(60)),  # whose run repaired it
    Column("healed", Boolean, nullable=False, server_default=text("false")),  # by Airflow's own retries
    Column("called", Json, nullable=False),  # whom it called last, and how certain they are
    Column("mentioned_at", UtcDateTime),
    Column("storm_id", id_type(), ForeignKey("storms.id"), index=True),  # in which it was raised
    Column("root_id", id_type(), ForeignKey("incidents.id"), index=True),  # from which it follows
    Column("supersedes", id_type(), index=True),  # the one before, which was never resolved
    Column("version", Integer, nullable=False, server_default="0"),
    Index(None, "route", "fingerprint", "opened_at"),
    Index(None, "channel", "raised_at"),
    # An id begins with its time: by these a search reads the newest first, and nothing that it does not show.
    Index(None, "fingerprint", "id"),
    Index(None, "source", "state", "id"),
    Index(None, "state", "id"),
    # What was open at some time in the past is open now, or was resolved or went quiet later.
    Index(None, "resolved_at", "id"),
    Index(None, "stale_at", "id"),
    # The most urgent first: what is told with another one, from which it follows, is no part of it.
    Index(
        None, "state", "severity", "id", postgresql_where=text("root_id IS NULL"), sqlite_where=text("root_id IS NULL")
    ),
)

incident_words = Table(  # by which words an incident's thing is found; its incidents are then looked at one by one
    "incident_words",
    metadata,
    Column("word", String(120).with_variant(String(120, collation="C"), "postgresql"), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
)

holds = Table(  # incidents whose mention waits for something
    "holds",
    metadata,
    Column("incident_id", id_type(), ForeignKey("incidents.id"), primary_key=True),
    Column("why", String(12), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index(None, "why", "until"),
)

mornings = Table(  # the summaries of what waited for the start of work
    "mornings",
    metadata,
    _id(),
    Column("route", String(80), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Column("called", Json, nullable=False),
    Column("incidents", Json, nullable=False),
    Index(None, "route", "channel", "starts_at", unique=True),
)

alerts = Table(
    "alerts",
    metadata,
    _id(),
    Column("message_id", id_type(), ForeignKey("messages.id"), nullable=False, index=True),
    Column("incident_id", id_type(), ForeignKey("incidents.id"), index=True),
    Column("kind", String(12), nullable=False),
    Column("source", String(40), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("severity", String(12)),
    Column("at", UtcDateTime, nullable=False),
    Column("body", Json, nullable=False),
)

occurrences = Table(
    "occurrences",
    metadata,
    _id(),
    Column("incident_id", id_type(), ForeignKey("incidents.id"), nullable=False),
    Column("key", String(600), nullable=False),
    Column("airflow", String(40), nullable=False),
    Column("dag_id", String(250), nullable=False),
    Column("task_id", String(250)),
    Column("dag_run_id", String(250)),
    Column("logical_at", UtcDateTime),
    Column("map_index", Integer, nullable=False),
    Column("try_number", Integer),
    Column("state", String(16), nullable=False),
    Column("failed_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", String(120)),
    Column("seen", Json),
    *_claimable(),
    Index(None, "incident_id", "key", unique=True),
    Index(None, "due_at"),
)

silences = Table(
    "silences",
    metadata,
    _id(),
    Column("open_key", String(64), unique=True),  # the digest of its conditions while it stands, else null
    Column("state", String(12), nullable=False),
    Column("matchers", Json, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("origin", String(80)),  # the incident from whose card it was asked for
    Column("created_by", String(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("asked_until", UtcDateTime),  # a later end that waits for a second person
    Column("asked_by", String(120)),
    Column("confirmed_by", String(120)),
    Column("ended_by", String(120)),
    Column("ended_at", UtcDateTime, index=True),
    Column("reminded_at", UtcDateTime),
    Column("version", Integer, nullable=False, server_default="0"),
    Index(None, "state", "until"),
)

silenced = Table(  # what a silence kept quiet: an incident that opened or came back
    "silenced",
    metadata,
    Column("silence_id", id_type(), ForeignKey("silences.id"), primary_key=True),
    Column("incident_id", id_type(), ForeignKey("incidents.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

feedback = Table(  # what each person thinks of an incident; without a verdict they have taken it back
    "feedback",
    metadata,
    Column("incident_id", id_type(), ForeignKey("incidents.id"), primary_key=True),
    Column("actor", String(120), primary_key=True),
    Column("verdict", String(16)),
    Column("right_owner", String(20)),
    Column("pressed_at", String(32), nullable=False),  # Slack's time of the last press that counted
    Column("at", UtcDateTime, nullable=False, index=True),
)

# What Slack shows

cards = Table(
    "cards",
    metadata,
    Column("ref", String(80), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("thread_ts", String(32)),
    Column("under", String(80)),  # the card in whose thread it goes
    Column("part_of", String(80)),  # the card that shows this one; while there is such a one this has no message
    Column("language", String(8), nullable=False),
    Column("shown_channel", String(20)),
    Column("ts", String(32)),
    Column("root_ts", String(32)),  # of the thread in which follow-ups go
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer, nullable=False, server_default="0"),
    Column("shown_digest", String(64)),
    Column("shown_at", UtcDateTime),
    Column("state_on_ts", String(32)),  # the tool's own message, which carries the state as a reaction
    Column("shown_reaction", String(40)),
    Column("problem", Text),
    Column("turn_at", UtcDateTime),  # in the channel, once it has been given one
    *_claimable(),
    Index(None, "due_at"),
    Index(None, "root_ts", "shown_channel"),
)

notes = Table(
    "notes",
    metadata,
    _id(),
    Column("ref", String(80), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("thread_ts", String(32)),
    Column("under", String(80)),  # the card in whose thread it goes
    Column("language", String(8), nullable=False),
    Column("body", Json, nullable=False),
    Column("ts", String(32)),
    Column("problem", Text),
    Column("turn_at", UtcDateTime),  # in the channel, once it has been given one
    *_claimable(),
    Index(None, "due_at"),
)

addressed = Table(  # messages that begin with Baton's name: each is answered once
    "addressed",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("thread_ts", String(32)),
    Column("team", String(20), nullable=False),
    Column("user", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    _id(),
    Column("team", String(20), nullable=False),
    Column("user", String(20), nullable=False),
    Column("channel", String(20)),
    Column("thread_ts", String(32)),
    Column("response_url", Text),
    Column("body", Json, nullable=False),
    Column("problem", Text),
    *_claimable(),
    Index(None, "due_at"),
)

homes = Table(  # the Home of each person who has ever opened it
    "homes",
    metadata,
    Column("team", String(20), primary_key=True),
    Column("user", String(20), primary_key=True),
    Column("channel", String(20), nullable=False),  # of direct messages with Baton
    Column("opened_at", UtcDateTime, nullable=False),  # or pressed on, last
    Column("part", String(16), nullable=False),
    Column("page", Integer, nullable=False, server_default="0"),
    Column("wanted", Integer, nullable=False),
    Column("looked_at", UtcDateTime),  # whether it still shows what is so
    Column("shown_digest", String(64)),
    Column("view_hash", String(80)),  # by which Slack tells that nobody has shown another meanwhile
    Column("problem", Text),
    Column("turn_at", UtcDateTime),  # among all Homes, once it has been given one
    *_claimable(),
    Index(None, "due_at"),
    Index(None, "opened_at"),
)

files = Table(
    "files",
    metadata,
    _id(),
    Column("ref", String(80), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("thread_ts", String(32)),
    Column("under", String(80)),  # the card in whose thread it goes
    Column("name", Text, nullable=False),
    Column("title", Json, nullable=False),
    Column("alt", Json),  # what a picture shows, in words
    Column("language", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("file_id", String(32)),
    Column("problem", Text),
    Column("turn_at", UtcDateTime),  # in the channel, once it has been given one
    *_claimable(),
    Index(None, "due_at"),
)

pace = Table(
    "pace",
    metadata,
    Column("channel", String(20), primary_key=True),  # or "edits", "homes": those of all share one limit
    Column("next_post_at", UtcDateTime, nullable=False),  # that nobody has as their turn yet
    Column("held_until", UtcDateTime),  # by Slack's own word
)

# Operations

runs = Table(
    "runs",
    metadata,
    _id(),
    Column("operation", String(60), nullable=False),
    Column("arguments", Json, nullable=False),
    Column("state", String(24), nullable=False),
    Column("requester", String(120), nullable=False),
    Column("confirmer", String(120)),
    Column("approver", String(120)),
    Column("origin", String(80), index=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("ticket", Text, nullable=False, server_default=""),
    Column("plan", Json),
    Column("digest", String(64)),
    Column("report", Json),
    Column("problem", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("deadline_at", UtcDateTime),
    Column("waiting_since", UtcDateTime, index=True),  # for people: a yes, or somebody who lets it go on
    Column("nudged_at", UtcDateTime),
    Column("escalated_at", UtcDateTime),
    *_claimable(),
    Index(None, "due_at"),
    Index(None, "ended_at", "id"),
)

steps = Table(
    "steps",
    metadata,
    Column("run_id", id_type(), ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("body", Json, nullable=False),
    Column("result", Json),
    Column("sent_at", UtcDateTime),
    Column("done_at", UtcDateTime),
)

approvals = Table(  # what people said to a plan: yes, no, a question and its answer
    "approvals",
    metadata,
    _id(),
    Column("run_id", id_type(), ForeignKey("runs.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False),  # of the plan that they saw
    Column("actor", String(120), nullable=False),
    Column("said", String(12), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("void_because", Json),  # why a yes no longer counts
)

target_locks = Table(  # one run at a time on the same target
    "target_locks",
    metadata,
    Column("target", String(600), primary_key=True),
    Column("run_id", id_type(), ForeignKey("runs.id"), nullable=False, index=True),
)

# Access to datasets

grants = Table(
    "grants",
    metadata,
    _id(),
    Column("run_id", id_type(), ForeignKey("runs.id"), nullable=False),
    Column("resource", String(600), nullable=False),  # project.dataset, or one table of it
    Column("member", String(300), nullable=False),
    Column("person", String(120), index=True),  # in Slack, where it is one
    Column("role", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("self_expiring", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("is_owned", Boolean, nullable=False, server_default=text("false")),  # the entry at Google is ours to remove
    Column("sent", String(8)),  # the write that it waits for: perhaps, or certainly done
    Column("entry", Json),  # as Google has written it down
    Column("ending", String(20)),
    Column("ended_by", String(120)),
    Column("activated_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("extended_by", id_type()),  # the run that did so last
    Column("reminded_at", UtcDateTime),
    Column("failed_at", UtcDateTime),  # when the owner was told last that it cannot be taken away
    Column("tries", Integer, nullable=False, server_default="0"),  # to write what it waits for
    Column("problem", Json),
    Column("version", Integer, nullable=False, server_default="0"),
    Index(None, "run_id", "resource", "member", "role", unique=True),
    Index(None, "resource", "state"),
    Index(None, "state", "expires_at"),
    Index(None, "ended_at", "id"),
)

access_lists = Table(  # the list at Google of each dataset or table on which there are grants: one writer each
    "access_lists",
    metadata,
    Column("resource", String(600), primary_key=True),
    Column("wanted", Integer, nullable=False),  # counts what was asked of it
    Column("written_at", UtcDateTime),
    Column("sent_etag", String(200)),  # of a write whose answer never came
    Column("sent_at", UtcDateTime),
    Column("without_deleted", Boolean, nullable=False, server_default=text("false")),  # Google no longer takes them
    *_claimable(),
    Index(None, "due_at"),
)

bigquery_names = Table(  # of datasets and tables: what the forms of grant-access suggest
    "bigquery_names",
    metadata,
    Column("name", String(600), primary_key=True),
    Column("project", String(120), nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)

# What colleagues ask for

requests = Table(
    "requests",
    metadata,
    _id(),
    Column("team", String(20), nullable=False),
    Column("key", String(120), nullable=False, unique=True),  # the message, form or command that asked
    Column("open_key", String(64), unique=True),  # the digest of kind and object while it is open, else null
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("words", Text, nullable=False),
    Column("fields", Json, nullable=False),  # as the fitting operation names them
    Column("needed_by", Text, nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    Column("is_urgent", Boolean, nullable=False, server_default=text("false")),
    Column("requester", String(120), nullable=False),
    Column("registered_by", String(120), nullable=False),
    Column("way", String(12), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("message_ts", String(32), nullable=False, server_default=""),
    Column("thread_ts", String(32), nullable=False, server_default=""),
    Column("language", String(8), nullable=False),
    Column("schedule", String(80), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("assignee", String(120)),
    Column("taken_at", UtcDateTime),
    Column("called", Json, nullable=False),  # who has it while nobody took it, and how certain that is
    Column("mention_at", UtcDateTime),  # when it calls them, which waited for the start of work
    Column("mentioned_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("waits_for_requester", Boolean, nullable=False, server_default=text("false")),
    Column("waits_for", Text, nullable=False, server_default=""),
    Column("waiting_since", UtcDateTime),
    Column("answer_due_at", UtcDateTime),
    Column("done_due_at", UtcDateTime),
    Column("left_seconds", Integer),  # of the promise, while the requester is asked
    Column("told", Json, nullable=False, server_default="[]"),  # which reminders were given
    Column("look_at", UtcDateTime, index=True),  # when time changes something next; null: never
    Column("ended_at", UtcDateTime, index=True),
    Column("ended_by", String(120)),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("evidence", String(80)),  # the run that did it
    Column("duplicate_of", id_type(), index=True),
    Column("version", Integer, nullable=False, server_default="0"),
    Index(None, "requester", "id"),
    Index(None, "requester", "ended_at", "id"),
    Index(None, "state", "id"),
    Index(None, "channel", "thread_ts"),
)

followers = Table(  # who asked for the same as somebody before
    "followers",
    metadata,
    Column("request_id", id_type(), ForeignKey("requests.id"), primary_key=True),
    Column("actor", String(120), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("channel", String(20), nullable=False, server_default=""),
    Column("thread_ts", String(32), nullable=False, server_default=""),
    Index(None, "actor", "request_id"),
)

askings = Table(  # messages that look like a request: each is looked at once, and asked about at most once
    "askings",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("ts", String(32), nullable=False),
    Column("team", String(20), nullable=False),
    Column("user", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("words", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("fields", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "channel", "ts", unique=True),
)

# Who is woken

pages = Table(  # alerts at the on-call provider: at most one open for each thing
    "pages",
    metadata,
    Column("ref", String(200), primary_key=True),
    Column("schedule", String(80), nullable=False),
    Column("provider", String(20), nullable=False),
    Column("recipient", String(200), nullable=False),  # the schedule as the provider knows it
    Column("words", Json, nullable=False),
    Column("priority", String(4), nullable=False),
    Column("is_wanted", Boolean, nullable=False),
    Column("wanted_at", UtcDateTime, nullable=False),
    Column("asked", Integer, nullable=False),  # counts what was wanted of it, on and off
    Column("state", String(12), nullable=False),
    Column("round", Integer, nullable=False),  # of the alerts about this thing: each has its own alias
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),  # system time; null while certainly nothing arrived
    Column("request_ref", Text),  # what to ask the provider for the outcome with
    Column("alert_id", Text),
    Column("message", Text),  # what it says at the provider, by which its own post in Slack is known
    Column("closed_by", String(120)),  # the actor in whose name it is closed; null for Baton
    Column("problem", Json),
    *_claimable(),
    Index(None, "due_at"),
    Index(None, "is_wanted", "wanted_at"),
)

escalations = Table(  # whom a page has called besides, and when it calls the next
    "escalations",
    metadata,
    Column("ref", String(200), primary_key=True),
    Column("route", String(80), nullable=False),
    Column("level", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, index=True),  # business time; null: nobody else is called
)

paged_alerts = Table(  # what is known of alerts at the provider: Baton's own, and those that it was told of
    "paged_alerts",
    metadata,
    Column("provider", String(20), primary_key=True),
    Column("alert_id", String(120), primary_key=True),
    Column("ref", String(200), index=True),  # what it is about here; null: nothing yet
    Column("alias", String(512), nullable=False, server_default=""),
    Column("message", Text, nullable=False, server_default=""),
    Column("tiny_id", String(20), nullable=False, server_default="", index=True),
    Column("priority", String(4), nullable=False, server_default=""),
    Column("status", String(12)),  # null: not yet looked at
    Column("is_acknowledged", Boolean, nullable=False, server_default=text("false")),
    Column("owner", Text, nullable=False, server_default=""),
    Column("snoozed_until", UtcDateTime),
    Column("created_at", UtcDateTime),
    Column("told_at", UtcDateTime, nullable=False),  # when Baton first heard of it, business time
    Column("problem", Json),
    *_claimable(),
    Index(None, "due_at"),
)

page_deeds = Table(  # what people do to alerts at the provider from Slack, each followed to its outcome
    "page_deeds",
    metadata,
    _id(),
    Column("key", String(300), nullable=False, unique=True),  # of the press: one that comes twice is done once
    Column("ref", String(200), nullable=False, index=True),
    Column("provider", String(20), nullable=False),
    Column("alert_id", Text),  # null: the page's own, which is perhaps not made yet
    Column("deed", String(16), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("until", UtcDateTime),
    Column("note", Text, nullable=False),
    Column("recipient", Json),  # who is called besides
    Column("asked_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),  # system time; null while certainly nothing arrived
    Column("request_ref", Text),
    Column("why", Json),
    *_claimable(),
    Index(None, "due_at"),
)

hook_calls = Table(  # what providers' webhooks told: each once
    "hook_calls",
    metadata,
    Column("provider", String(20), primary_key=True),
    Column("alert_id", String(120), primary_key=True),
    Column("action", String(60), primary_key=True),
    Column("updated_at", String(24), primary_key=True),  # nanoseconds, as text
    Column("received_at", UtcDateTime, nullable=False, index=True),
)

# Who stands in for whom

covers = Table(
    "covers",
    metadata,
    _id(),
    Column("open_key", String(200), unique=True),  # schedule, who is relieved, since when; null once it is over
    Column("schedule", String(80), nullable=False),
    Column("is_direct", Boolean, nullable=False),  # put in by somebody who may, not offered and taken
    Column("team", String(20), nullable=False),
    Column("requester", String(20), nullable=False),
    Column("relieved", String(20)),  # in Slack; null in a gap, and where that is not certain
    Column("relieved_name", Text, nullable=False),
    Column("asked", String(20)),  # whom alone; null: everybody
    Column("taker", String(20)),
    Column("person", String(200)),  # the taker as the provider knows them
    Column("rotations", Json, nullable=False),
    Column("start_at", UtcDateTime, nullable=False),
    Column("end_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
    Column("stage", String(12), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(120)),
    Column("wanted", Integer, nullable=False),  # counts what was wanted of the provider
    Column("state", String(12), nullable=False),  # what is known of the provider
    Column("sent_at", UtcDateTime),  # system time; null while certainly nothing arrived
    Column("override_id", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("problem", Json),
    *_claimable(),
    Index(None, "due_at"),
    Index(None, "stage", "expires_at"),
    Index(None, "schedule", "end_at"),
)

# The handoff

handoffs = Table(  # one for each turn on call of a schedule
    "handoffs",
    metadata,
    _id(),
    Column("schedule", String(120), nullable=False),
    Column("shift_start", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),  # of what it reports: where the handoff before it ended
    Column("open_key", String(120), unique=True),  # the schedule until the shift has ended, else null
    Column("boundary_at", UtcDateTime),  # null while no end is planned
    Column("next_at", UtcDateTime),  # when the incoming person begins
    Column("state", String(12), nullable=False),
    Column("first", Text, nullable=False),  # what the provider knows the outgoing first responder by
    Column("outgoing", Json, nullable=False),
    Column("incoming", Json, nullable=False),
    Column("by_plan", Boolean, nullable=False, server_default=text("false")),  # the provider did not answer at the end
    Column("said", Json, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),  # of what was said
    Column("edited_by", String(20)),
    Column("edited_at", UtcDateTime),
    Column("drafted_at", UtcDateTime),
    Column("signed_at", UtcDateTime),
    Column("signed_by", String(20)),
    Column("posted_at", UtcDateTime),
    Column("posted_signed", Boolean, nullable=False, server_default=text("false")),
    Column("accepted_at", UtcDateTime),
    Column("accepted_by", String(20)),
    Column("reminded_at", UtcDateTime),
    Column("pictured_at", UtcDateTime),  # or when the picture was given up
    Column("picture_tries", Integer, nullable=False, server_default="0"),  # that failed
    Column("picture_due_at", UtcDateTime),  # when it is tried again
    Column("canvased_at", UtcDateTime),  # when a canvas was asked for, which is done once
    Column("canvas_id", String(32)),
    Column("canvas_shows", Integer, nullable=False, server_default="0"),  # how often its card was wanted by then
    Column("canvas_problem", Text),
    Index(None, "schedule", "shift_start", unique=True),
    Index(None, "state"),
)

follow_ups = Table(  # what handoffs leave to do
    "follow_ups",
    metadata,
    _id(),
    Column("schedule", String(120), nullable=False),
    Column("handoff_id", id_type(), ForeignKey("handoffs.id"), nullable=False, index=True),
    Column("words", Text, nullable=False),
    Column("owner", String(20)),
    Column("due", String(10)),  # a day
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(20), nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", String(20)),
    Index(None, "schedule", "done_at"),
)

digests = Table(  # what the team's lead is told, once for each week
    "digests",
    metadata,
    _id(),
    Column("due_on", String(10), nullable=False, unique=True),  # the day on which it was to be told
    Column("told_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
)

first_shifts = Table(  # the checklist of each person who is on call for the first time
    "first_shifts",
    metadata,
    _id(),
    Column("team", String(20), nullable=False),
    Column("user", String(20), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("round", Integer, nullable=False),  # counts how often it was begun
    Column("results", Json, nullable=False),  # by the name of the check
    Column("runbooks", Json, nullable=False),  # the topics of the month before, and how often
    Column("drill", String(16), nullable=False),
    *_claimable(),
    Index(None, "due_at"),
    Index(None, "team", "user", unique=True),
)

# History

timeline = Table(
    "timeline",
    metadata,
    _id(),
    Column("ref", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("body", Json, nullable=False),
    Column("facts", Json),  # what the thing's own row may forget later, such as the fix of what reopens
    Index(None, "ref", "at"),
)

interruptions = Table(  # whom Baton called aloud
    "interruptions",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("user", String(20), nullable=False),  # or a group
    Column("zone", String(60), nullable=False),  # theirs at that time; empty where it is not known
    Column("kind", String(12), nullable=False),
    Column("ref", String(200), nullable=False),
    Column("schedule", String(120), nullable=False),  # empty where it was for none in particular
    Index(None, "schedule", "at"),
)

outages = Table(  # times in which something that Baton looks at did not answer
    "outages",
    metadata,
    Column("source", String(80), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime),  # null while it lasts
    Column("problem", Text, nullable=False),
    Index(None, "source", "until"),
)

audit = Table(
    "audit",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("deed", String(60), nullable=False),
    Column("ref", String(700), nullable=False, index=True),  # also of a table at Google, by its whole name
    Column("body", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

audit_personal = Table(  # what can be erased; `audit.body` has a commitment in its place
    "audit_personal",
    metadata,
    Column("position", Integer, ForeignKey("audit.position"), primary_key=True, autoincrement=False),
    Column("place", Text, primary_key=True),
    Column("people", Json, nullable=False),
    Column("salt", String(32)),
    Column("value", Json),
    Column("erased_at", UtcDateTime),
)

audit_head = Table(  # one row; locked while an entry is added
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("exported_position", Integer, nullable=False, server_default="0"),  # what was told elsewhere last
    Column("exported_hash", String(64), nullable=False, server_default=""),
)

# What Baton must know without asking: copies with the time when they were fetched

people = Table(
    "people",
    metadata,
    Column("team", String(20), primary_key=True),
    Column("user", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("real_name", Text, nullable=False),
    Column("email", Text, index=True),
    Column("locale", String(16), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)

user_groups = Table(
    "user_groups",
    metadata,
    Column("team", String(20), primary_key=True),
    Column("group_id", String(20), primary_key=True),
    Column("handle", Text, nullable=False),
    Column("members", Json, nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)

oncall = Table(
    "oncall",
    metadata,
    Column("schedule", String(120), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("responders", Json, nullable=False),
    Column("since", UtcDateTime),
    Column("until", UtcDateTime),
    Column("shifts", Json, nullable=False),
    Column("last_known", Json),
    Column("error", Text),
    Column("fetched_at", UtcDateTime, nullable=False),
)

stints = Table(  # who was on call, as far as it was seen: one row for each stretch of the same answer
    "stints",
    metadata,
    Column("schedule", String(120), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime, nullable=False),  # up to where it was seen; of the last row it grows with each look
    Column("certainty", String(12), nullable=False),
    Column("people", Json, nullable=False),  # as the provider names them, and who that is in Slack
    Column("rotation", Text, nullable=False),
    Column("is_override", Boolean, nullable=False),
    Column("problem", Json),  # why it is not known
    Index(None, "schedule", "until"),
)

shifts_told = Table(  # who is on call by what was told last: each change is told once
    "shifts_told",
    metadata,
    Column("schedule", String(120), primary_key=True),
    Column("people", Json, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("cover_of", Json),  # who is on call again when a short cover ends
    Column("unconfirmed_at", UtcDateTime),  # the planned change of which was told that nobody confirms it
    Column("known_until", UtcDateTime),  # how far everybody's next shift is known; null before the first look
    Column("strangers", Json, nullable=False, server_default="[]"),  # of the rota, whose accounts were not known then
)

next_shifts = Table(  # everybody's next shift, as they were told or know themselves
    "next_shifts",
    metadata,
    Column("schedule", String(120), primary_key=True),
    Column("user", String(20), primary_key=True),
    Column("known", Json),  # null: none
    Column("changed", Json),  # what it became, told once it has stayed so
    Column("changed_at", UtcDateTime),
    Column("own_until", UtcDateTime),  # up to then what changes is their own doing
)

reminders = Table(  # of shifts that begin soon: each once
    "reminders",
    metadata,
    Column("schedule", String(120), primary_key=True),
    Column("user", String(20), primary_key=True),
    Column("start_at", UtcDateTime, primary_key=True),
    Column("seconds_before", Integer, primary_key=True, autoincrement=False),
)

synced_groups = Table(  # user groups of Slack that hold whoever is on call
    "synced_groups",
    metadata,
    Column("group_id", String(20), primary_key=True),
    Column("parts", Json, nullable=False),  # by schedule, who is in it because of that
    Column("members", Json, nullable=False),  # as it was certainly seen or written last
    Column("told", Json),  # what was said of it last, so that nothing is said twice
    Column("problem", Json),
    Column("wanted", Integer, nullable=False, server_default="0"),  # counts the changes that it shall follow
    *_claimable(),
    Index(None, "due_at"),
)

topics = Table(  # of channels: Baton's marked part
    "topics",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("parts", Json, nullable=False),  # by schedule, what was said of it last
    Column("told", Json),
    Column("problem", Json),
    Column("wanted", Integer, nullable=False, server_default="0"),  # counts the changes that it shall follow
    *_claimable(),
    Index(None, "due_at"),
)

dags = Table(
    "dags",
    metadata,
    Column("airflow", String(40), primary_key=True),
    Column("dag_id", String(250), primary_key=True),
    Column("is_paused", Boolean, nullable=False),
    Column("owners", Json, nullable=False),
    Column("tags", Json, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("next_run_at", UtcDateTime),
    Column("fetched_at", UtcDateTime, nullable=False),
)

failed_tasks = Table(  # what the forms of clear-tasks suggest
    "failed_tasks",
    metadata,
    Column("airflow", String(40), primary_key=True),
    Column("dag_id", String(250), primary_key=True),
    Column("dag_run_id", String(250), primary_key=True),
    Column("task_id", String(250), primary_key=True),
    Column("map_index", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("try_number", Integer, nullable=False),
    Column("started_at", UtcDateTime),
    Column("fetched_at", UtcDateTime, nullable=False),
)

# Duties by the clock

ticks = Table(
    "ticks",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("problem", Text),
    *_claimable(),
)
