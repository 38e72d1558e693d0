"""the first schema"""

from alembic import op
import sqlalchemy as sa

import bot.store.types

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('access_lists',
    sa.Column('resource', sa.String(length=600), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('written_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('sent_etag', sa.String(length=200), nullable=True),
    sa.Column('sent_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('without_deleted', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('resource', name=op.f('pk_access_lists'))
    )
    with op.batch_alter_table('access_lists', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_lists_due_at'), ['due_at'], unique=False)

    op.create_table('addressed',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('team', sa.String(length=20), nullable=False),
    sa.Column('user', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'ts', name=op.f('pk_addressed'))
    )
    op.create_table('audit',
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('deed', sa.String(length=60), nullable=False),
    sa.Column('ref', sa.String(length=700), nullable=False),
    sa.Column('body', bot.store.types.Json(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_ref'), ['ref'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('exported_position', sa.Integer(), server_default='0', nullable=False),
    sa.Column('exported_hash', sa.String(length=64), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('bigquery_names',
    sa.Column('name', sa.String(length=600), nullable=False),
    sa.Column('project', sa.String(length=120), nullable=False),
    sa.Column('fetched_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_bigquery_names'))
    )
    op.create_table('cards',
    sa.Column('ref', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('under', sa.String(length=80), nullable=True),
    sa.Column('part_of', sa.String(length=80), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('shown_channel', sa.String(length=20), nullable=True),
    sa.Column('ts', sa.String(length=32), nullable=True),
    sa.Column('root_ts', sa.String(length=32), nullable=True),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('shown', sa.Integer(), server_default='0', nullable=False),
    sa.Column('shown_digest', sa.String(length=64), nullable=True),
    sa.Column('shown_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('state_on_ts', sa.String(length=32), nullable=True),
    sa.Column('shown_reaction', sa.String(length=40), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('turn_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('ref', name=op.f('pk_cards'))
    )
    with op.batch_alter_table('cards', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cards_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_cards_root_ts_shown_channel'), ['root_ts', 'shown_channel'], unique=False)

    op.create_table('catch_ups',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('read_until', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('channel', name=op.f('pk_catch_ups'))
    )
    op.create_table('dags',
    sa.Column('airflow', sa.String(length=40), nullable=False),
    sa.Column('dag_id', sa.String(length=250), nullable=False),
    sa.Column('is_paused', sa.Boolean(), nullable=False),
    sa.Column('owners', bot.store.types.Json(), nullable=False),
    sa.Column('tags', bot.store.types.Json(), nullable=False),
    sa.Column('schedule', sa.Text(), nullable=False),
    sa.Column('next_run_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('fetched_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('airflow', 'dag_id', name=op.f('pk_dags'))
    )
    op.create_table('failed_tasks',
    sa.Column('airflow', sa.String(length=40), nullable=False),
    sa.Column('dag_id', sa.String(length=250), nullable=False),
    sa.Column('dag_run_id', sa.String(length=250), nullable=False),
    sa.Column('task_id', sa.String(length=250), nullable=False),
    sa.Column('map_index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('try_number', sa.Integer(), nullable=False),
    sa.Column('started_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('fetched_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('airflow', 'dag_id', 'dag_run_id', 'task_id', 'map_index', name=op.f('pk_failed_tasks'))
    )
    op.create_table('files',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('ref', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('under', sa.String(length=80), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('title', bot.store.types.Json(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('file_id', sa.String(length=32), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('turn_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_files'))
    )
    with op.batch_alter_table('files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_files_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_files_ref'), ['ref'], unique=False)

    op.create_table('incident_words',
    sa.Column('word', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('word', 'fingerprint', name=op.f('pk_incident_words'))
    )
    op.create_table('messages',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('event_id', sa.String(length=80), nullable=False),
    sa.Column('team', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.String(length=80), nullable=False),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('sender', sa.Text(), nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('payload', bot.store.types.Json(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('event_id', name=op.f('uq_messages_event_id'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_channel_ts_revision'), ['channel', 'ts', 'revision'], unique=True)

    op.create_table('mornings',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('route', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('starts_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('since', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('told_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('called', bot.store.types.Json(), nullable=False),
    sa.Column('incidents', bot.store.types.Json(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mornings'))
    )
    with op.batch_alter_table('mornings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mornings_route_channel_starts_at'), ['route', 'channel', 'starts_at'], unique=True)

    op.create_table('notes',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('ref', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('under', sa.String(length=80), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('body', bot.store.types.Json(), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('turn_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notes'))
    )
    with op.batch_alter_table('notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notes_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notes_ref'), ['ref'], unique=False)

    op.create_table('oncall',
    sa.Column('schedule', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('responders', bot.store.types.Json(), nullable=False),
    sa.Column('since', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('shifts', bot.store.types.Json(), nullable=False),
    sa.Column('last_known', bot.store.types.Json(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('fetched_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('schedule', name=op.f('pk_oncall'))
    )
    op.create_table('pace',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('next_post_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('held_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('channel', name=op.f('pk_pace'))
    )
    op.create_table('pages',
    sa.Column('ref', sa.String(length=200), nullable=False),
    sa.Column('schedule', sa.String(length=80), nullable=False),
    sa.Column('provider', sa.String(length=20), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('words', bot.store.types.Json(), nullable=False),
    sa.Column('priority', sa.String(length=4), nullable=False),
    sa.Column('is_wanted', sa.Boolean(), nullable=False),
    sa.Column('wanted_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('request_ref', sa.Text(), nullable=True),
    sa.Column('alert_id', sa.Text(), nullable=True),
    sa.Column('problem', bot.store.types.Json(), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('ref', name=op.f('pk_pages'))
    )
    with op.batch_alter_table('pages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pages_due_at'), ['due_at'], unique=False)

    op.create_table('people',
    sa.Column('team', sa.String(length=20), nullable=False),
    sa.Column('user', sa.String(length=20), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('real_name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('is_bot', sa.Boolean(), nullable=False),
    sa.Column('is_guest', sa.Boolean(), nullable=False),
    sa.Column('is_deleted', sa.Boolean(), nullable=False),
    sa.Column('fetched_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('team', 'user', name=op.f('pk_people'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_email'), ['email'], unique=False)

    op.create_table('replies',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('team', sa.String(length=20), nullable=False),
    sa.Column('user', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=True),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('response_url', sa.Text(), nullable=True),
    sa.Column('body', bot.store.types.Json(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replies'))
    )
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_replies_due_at'), ['due_at'], unique=False)

    op.create_table('runs',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('operation', sa.String(length=60), nullable=False),
    sa.Column('arguments', bot.store.types.Json(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('requester', sa.String(length=120), nullable=False),
    sa.Column('confirmer', sa.String(length=120), nullable=True),
    sa.Column('approver', sa.String(length=120), nullable=True),
    sa.Column('origin', sa.String(length=80), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('ticket', sa.Text(), server_default='', nullable=False),
    sa.Column('plan', bot.store.types.Json(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('report', bot.store.types.Json(), nullable=True),
    sa.Column('problem', bot.store.types.Json(), nullable=True),
    sa.Column('created_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('deadline_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('waiting_since', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('nudged_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('escalated_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_runs'))
    )
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_runs_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_runs_origin'), ['origin'], unique=False)
        batch_op.create_index(batch_op.f('ix_runs_waiting_since'), ['waiting_since'], unique=False)

    op.create_table('silences',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('open_key', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('matchers', bot.store.types.Json(), nullable=False),
    sa.Column('until', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('origin', sa.String(length=80), nullable=True),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.String(length=120), nullable=True),
    sa.Column('confirmed_by', sa.String(length=120), nullable=True),
    sa.Column('ended_by', sa.String(length=120), nullable=True),
    sa.Column('ended_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_silences')),
    sa.UniqueConstraint('open_key', name=op.f('uq_silences_open_key'))
    )
    with op.batch_alter_table('silences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_silences_ended_at'), ['ended_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_silences_state_until'), ['state', 'until'], unique=False)

    op.create_table('storms',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('route', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('open_key', sa.String(length=20), nullable=True),
    sa.Column('started_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('called', bot.store.types.Json(), nullable=False),
    sa.Column('mentioned_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_storms')),
    sa.UniqueConstraint('open_key', name=op.f('uq_storms_open_key'))
    )
    with op.batch_alter_table('storms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_storms_due_at'), ['due_at'], unique=False)

    op.create_table('ticks',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_ticks'))
    )
    op.create_table('timeline',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('ref', sa.String(length=80), nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('body', bot.store.types.Json(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timeline'))
    )
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timeline_ref_at'), ['ref', 'at'], unique=False)

    op.create_table('user_groups',
    sa.Column('team', sa.String(length=20), nullable=False),
    sa.Column('group_id', sa.String(length=20), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('members', bot.store.types.Json(), nullable=False),
    sa.Column('fetched_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('team', 'group_id', name=op.f('pk_user_groups'))
    )
    op.create_table('approvals',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('run_id', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('said', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('void_because', bot.store.types.Json(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_approvals_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals'))
    )
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approvals_run_id'), ['run_id'], unique=False)

    op.create_table('audit_personal',
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('people', bot.store.types.Json(), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=True),
    sa.Column('value', bot.store.types.Json(), nullable=True),
    sa.Column('erased_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['position'], ['audit.position'], name=op.f('fk_audit_personal_position')),
    sa.PrimaryKeyConstraint('position', 'place', name=op.f('pk_audit_personal'))
    )
    op.create_table('grants',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('run_id', sa.String(length=40), nullable=False),
    sa.Column('resource', sa.String(length=600), nullable=False),
    sa.Column('member', sa.String(length=300), nullable=False),
    sa.Column('person', sa.String(length=120), nullable=True),
    sa.Column('role', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('expires_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('self_expiring', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('is_owned', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('sent', sa.String(length=8), nullable=True),
    sa.Column('entry', bot.store.types.Json(), nullable=True),
    sa.Column('ending', sa.String(length=20), nullable=True),
    sa.Column('ended_by', sa.String(length=120), nullable=True),
    sa.Column('activated_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('extended_by', sa.String(length=40), nullable=True),
    sa.Column('reminded_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failed_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('problem', bot.store.types.Json(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_grants_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grants'))
    )
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grants_person'), ['person'], unique=False)
        batch_op.create_index(batch_op.f('ix_grants_resource_state'), ['resource', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_grants_run_id_resource_member_role'), ['run_id', 'resource', 'member', 'role'], unique=True)
        batch_op.create_index(batch_op.f('ix_grants_state_expires_at'), ['state', 'expires_at'], unique=False)

    op.create_table('incidents',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('route', sa.String(length=80), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('open_key', sa.String(length=160), nullable=True),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('resource', bot.store.types.Json(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('severity', sa.String(length=12), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=True),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('links', bot.store.types.Json(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('team', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('message_ts', sa.String(length=32), nullable=False),
    sa.Column('opened_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('noticed_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('raised_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_alert_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('alert_count', sa.Integer(), nullable=False),
    sa.Column('reopen_count', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reopened_at', bot.store.types.Json(), server_default='[]', nullable=False),
    sa.Column('closed_seconds', sa.Integer(), server_default='0', nullable=False),
    sa.Column('acknowledged_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by', sa.String(length=120), nullable=True),
    sa.Column('resolved_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=120), nullable=True),
    sa.Column('cause', sa.String(length=24), nullable=True),
    sa.Column('remedy', sa.String(length=24), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('operation', sa.String(length=60), nullable=True),
    sa.Column('healed', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('called', bot.store.types.Json(), nullable=False),
    sa.Column('mentioned_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('storm_id', sa.String(length=40), nullable=True),
    sa.Column('root_id', sa.String(length=40), nullable=True),
    sa.Column('supersedes', sa.String(length=40), nullable=True),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['root_id'], ['incidents.id'], name=op.f('fk_incidents_root_id')),
    sa.ForeignKeyConstraint(['storm_id'], ['storms.id'], name=op.f('fk_incidents_storm_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents')),
    sa.UniqueConstraint('open_key', name=op.f('uq_incidents_open_key'))
    )
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incidents_channel_raised_at'), ['channel', 'raised_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_fingerprint_id'), ['fingerprint', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_opened_at'), ['opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_root_id'), ['root_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_route_fingerprint_opened_at'), ['route', 'fingerprint', 'opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_source_state_id'), ['source', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_state_id'), ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_storm_id'), ['storm_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incidents_supersedes'), ['supersedes'], unique=False)

    op.create_table('steps',
    sa.Column('run_id', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('body', bot.store.types.Json(), nullable=False),
    sa.Column('result', bot.store.types.Json(), nullable=True),
    sa.Column('sent_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_steps_run_id')),
    sa.PrimaryKeyConstraint('run_id', 'position', name=op.f('pk_steps'))
    )
    op.create_table('target_locks',
    sa.Column('target', sa.String(length=600), nullable=False),
    sa.Column('run_id', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_target_locks_run_id')),
    sa.PrimaryKeyConstraint('target', name=op.f('pk_target_locks'))
    )
    with op.batch_alter_table('target_locks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_target_locks_run_id'), ['run_id'], unique=False)

    op.create_table('alerts',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('message_id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('severity', sa.String(length=12), nullable=True),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('body', bot.store.types.Json(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_alerts_incident_id')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_alerts_message_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alerts_incident_id'), ['incident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_message_id'), ['message_id'], unique=False)

    op.create_table('feedback',
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('verdict', sa.String(length=16), nullable=True),
    sa.Column('right_owner', sa.String(length=20), nullable=True),
    sa.Column('pressed_at', sa.String(length=32), nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_feedback_incident_id')),
    sa.PrimaryKeyConstraint('incident_id', 'actor', name=op.f('pk_feedback'))
    )
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_at'), ['at'], unique=False)

    op.create_table('holds',
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('why', sa.String(length=12), nullable=False),
    sa.Column('since', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('until', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_holds_incident_id')),
    sa.PrimaryKeyConstraint('incident_id', name=op.f('pk_holds'))
    )
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_holds_why_until'), ['why', 'until'], unique=False)

    op.create_table('occurrences',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=600), nullable=False),
    sa.Column('airflow', sa.String(length=40), nullable=False),
    sa.Column('dag_id', sa.String(length=250), nullable=False),
    sa.Column('task_id', sa.String(length=250), nullable=True),
    sa.Column('dag_run_id', sa.String(length=250), nullable=True),
    sa.Column('logical_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('map_index', sa.Integer(), nullable=False),
    sa.Column('try_number', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('failed_at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=120), nullable=True),
    sa.Column('seen', bot.store.types.Json(), nullable=True),
    sa.Column('due_at', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', bot.store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('version', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_occurrences_incident_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occurrences'))
    )
    with op.batch_alter_table('occurrences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_occurrences_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_occurrences_incident_id_key'), ['incident_id', 'key'], unique=True)

    op.create_table('silenced',
    sa.Column('silence_id', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.String(length=40), nullable=False),
    sa.Column('at', bot.store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incidents.id'], name=op.f('fk_silenced_incident_id')),
    sa.ForeignKeyConstraint(['silence_id'], ['silences.id'], name=op.f('fk_silenced_silence_id')),
    sa.PrimaryKeyConstraint('silence_id', 'incident_id', name=op.f('pk_silenced'))
    )


def downgrade() -> None:
    op.drop_table('silenced')
    with op.batch_alter_table('occurrences', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_occurrences_incident_id_key'))
        batch_op.drop_index(batch_op.f('ix_occurrences_due_at'))

    op.drop_table('occurrences')
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_holds_why_until'))

    op.drop_table('holds')
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_at'))

    op.drop_table('feedback')
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alerts_message_id'))
        batch_op.drop_index(batch_op.f('ix_alerts_incident_id'))

    op.drop_table('alerts')
    with op.batch_alter_table('target_locks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_target_locks_run_id'))

    op.drop_table('target_locks')
    op.drop_table('steps')
    with op.batch_alter_table('incidents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incidents_supersedes'))
        batch_op.drop_index(batch_op.f('ix_incidents_storm_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_state_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_source_state_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_route_fingerprint_opened_at'))
        batch_op.drop_index(batch_op.f('ix_incidents_root_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_opened_at'))
        batch_op.drop_index(batch_op.f('ix_incidents_fingerprint_id'))
        batch_op.drop_index(batch_op.f('ix_incidents_channel_raised_at'))

    op.drop_table('incidents')
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grants_state_expires_at'))
        batch_op.drop_index(batch_op.f('ix_grants_run_id_resource_member_role'))
        batch_op.drop_index(batch_op.f('ix_grants_resource_state'))
        batch_op.drop_index(batch_op.f('ix_grants_person'))

    op.drop_table('grants')
    op.drop_table('audit_personal')
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approvals_run_id'))

    op.drop_table('approvals')
    op.drop_table('user_groups')
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_timeline_ref_at'))

    op.drop_table('timeline')
    op.drop_table('ticks')
    with op.batch_alter_table('storms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_storms_due_at'))

    op.drop_table('storms')
    with op.batch_alter_table('silences', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_silences_state_until'))
        batch_op.drop_index(batch_op.f('ix_silences_ended_at'))

    op.drop_table('silences')
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_runs_waiting_since'))
        batch_op.drop_index(batch_op.f('ix_runs_origin'))
        batch_op.drop_index(batch_op.f('ix_runs_due_at'))

    op.drop_table('runs')
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_replies_due_at'))

    op.drop_table('replies')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_email'))

    op.drop_table('people')
    with op.batch_alter_table('pages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pages_due_at'))

    op.drop_table('pages')
    op.drop_table('pace')
    op.drop_table('oncall')
    with op.batch_alter_table('notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notes_ref'))
        batch_op.drop_index(batch_op.f('ix_notes_due_at'))

    op.drop_table('notes')
    with op.batch_alter_table('mornings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mornings_route_channel_starts_at'))

    op.drop_table('mornings')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_channel_ts_revision'))

    op.drop_table('messages')
    op.drop_table('incident_words')
    with op.batch_alter_table('files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_files_ref'))
        batch_op.drop_index(batch_op.f('ix_files_due_at'))

    op.drop_table('files')
    op.drop_table('failed_tasks')
    op.drop_table('dags')
    op.drop_table('catch_ups')
    with op.batch_alter_table('cards', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cards_root_ts_shown_channel'))
        batch_op.drop_index(batch_op.f('ix_cards_due_at'))

    op.drop_table('cards')
    op.drop_table('bigquery_names')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_ref'))

    op.drop_table('audit')
    op.drop_table('addressed')
    with op.batch_alter_table('access_lists', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_lists_due_at'))

    op.drop_table('access_lists')
