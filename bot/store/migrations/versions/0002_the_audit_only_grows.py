"""the audit only grows

What was written to the audit is neither changed nor removed, and of what is personal in it only erased. The owner of
the database can take these guards away; `baton audit verify` with an exported head notices what that was used for.
A later migration that rebuilds one of the tables (batch mode on SQLite) has to set its guards up again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEEPS_ALL = "NEW.position = OLD.position AND NEW.place = OLD.place"
IS_ERASURE = f"{KEEPS_ALL} AND NEW.salt IS NULL AND NEW.value IS NULL AND NEW.erased_at IS NOT NULL"
CHANGES = (
    ("audit", "update", "1 = 1"),
    ("audit", "delete", "1 = 1"),
    ("audit_personal", "update", f"NOT ({IS_ERASURE})"),
    ("audit_personal", "delete", "1 = 1"),
)
REFUSAL = "the audit only grows"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    for table, change, condition in CHANGES:
        op.execute(_guard(table, change, condition))
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit", "audit_personal"):
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()"
            )


def _guard(table: str, change: str, condition: str) -> str:
    head = f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} FOR EACH ROW WHEN ({condition})"
    if op.get_bind().dialect.name == "postgresql":
        return f"{head} EXECUTE FUNCTION refuse_change_of_audit()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, change, _ in CHANGES:
        op.execute(f"DROP TRIGGER {table}_no_{change}" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        for table in ("audit", "audit_personal"):
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION refuse_change_of_audit")
