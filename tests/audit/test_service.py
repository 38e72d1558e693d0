import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.actor import Actor
from bot.audit import service as audit
from bot.audit.chain import Broken, Fine, Head
from bot.ref import Ref
from bot.store import Store, tables
from bot.text import text as words
from tests.conftest import NOW

MINA, JUNHO, DPO = Actor.person("T1", "U0MINA"), Actor.person("T1", "U0JUNHO"), Actor.cli("dpo@host")
RUN, OTHER = Ref("run", "r1"), Ref("run", "r2")
REASON = "the source was late, says Ana (ana@haneul.example)"


def anybody(_tx, _actor, _deed):
    return None


def write(store, deed="run.planned", body=None, *, actor=MINA, ref=RUN, at=NOW):
    return store.write(lambda tx: audit.append(tx, at, actor, deed, ref, body or {}))


def records(store, *about, **times):
    return store.read(lambda tx: list(audit.records(tx, *about, **times)))


def knows(store, user, name, email):
    flags = {"is_bot": False, "is_guest": False, "is_deleted": False, "locale": "ko-KR", "zone": "Asia/Seoul"}
    row = {"team": "T1", "user": user, "name": user, "real_name": name, "email": email, "fetched_at": NOW, **flags}
    store.write(lambda tx: tx.execute(insert(tables.people), row))


def without_guards(store, statement):
    """Do what only the owner of the database can: take the guards away and change the record."""
    on = " ON audit" if store.engine.dialect.name == "postgresql" else ""

    def change(tx):
        for kind in ("update", "delete"):
            tx.execute(text(f"DROP TRIGGER audit_no_{kind}{on}"))
        tx.execute(statement)

    store.write(change)


def test_the_record_in_the_database_is_whole_until_somebody_edits_it(any_store):
    for n in range(3):
        write(any_store, body={"n": n, "말": "한국어", "huge": 2**70, "half": "\ud800"})
    assert any_store.read(audit.verify) == Fine(3)

    without_guards(any_store, update(tables.audit).where(tables.audit.c.position == 2).values(actor="baton"))
    broken = any_store.read(audit.verify)
    assert isinstance(broken, Broken)
    assert broken.position == 2


def test_a_cut_end_is_found_by_an_exported_head_where_the_head_was_set_back_too(any_store):
    first = write(any_store)
    write(any_store)
    exported = any_store.read(audit.head)
    without_guards(any_store, delete(tables.audit).where(tables.audit.c.position == 2))
    any_store.write(lambda tx: tx.execute(update(tables.audit_head).values(position=1, hash=first.hash)))

    assert any_store.read(audit.verify) == Fine(1)
    found = any_store.read(lambda tx: audit.verify(tx, [exported]))
    assert isinstance(found, Broken)
    assert found.position == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(update(tables.audit).values(actor="baton"), id="an entry is edited"),
        pytest.param(delete(tables.audit), id="an entry is removed"),
        pytest.param(update(tables.audit_personal).values(value="another reason"), id="a personal part is edited"),
        pytest.param(update(tables.audit_personal).values(salt=None), id="a salt alone is removed"),
        pytest.param(delete(tables.audit_personal), id="a personal part is removed"),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_written(any_store, change):
    write(any_store, body={"reason": REASON})

    with pytest.raises(DBAPIError, match="the audit only grows"):
        any_store.write(lambda tx: tx.execute(change))
    assert any_store.read(audit.verify) == Fine(1)


def test_postgresql_refuses_to_empty_the_record(postgres_url):
    store = Store(postgres_url)
    with pytest.raises(DBAPIError, match="the audit only grows"):
        store.write(lambda tx: tx.execute(text("TRUNCATE audit CASCADE")))
    store.close()


def test_an_empty_record_is_whole(store):
    assert store.read(audit.verify) == Fine(0)


def test_an_entry_is_not_kept_when_what_it_records_was_not_done(store):
    def fails(tx):
        audit.append(tx, NOW, MINA, "run.planned", RUN, {})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.write(fails)
    assert store.read(audit.verify) == Fine(0)


def test_writers_of_several_processes_make_one_chain_and_who_reads_meanwhile_sees_a_whole_one(database_url):
    stores = [Store(database_url) for _ in range(3)]
    seen = []

    def work(store):
        for n in range(8):
            write(store, body={"n": n})
            seen.append(store.read(audit.verify))

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result = stores[0].read(audit.verify)
    for store in stores:
        store.close()

    assert result == Fine(24)
    assert [each for each in seen if not isinstance(each, Fine)] == []


def test_names_addresses_and_own_words_are_not_in_the_chain_and_are_read_with_it(any_store):
    knows(any_store, "U0MINA", "김미나", "mina@haneul.example")
    body = {"reason": REASON, "steps": [{"target": "user:ana@haneul.example", "role": "READER"}], "n": 3}
    entry = write(any_store, body=body)

    assert "haneul" not in str(entry)
    assert "미나" not in str(entry)
    (record,) = records(any_store)
    assert record.entry == entry
    assert record.body == body | {"$who": {"name": "김미나", "email": "mina@haneul.example"}}


def test_what_is_personal_of_one_person_is_erased_and_the_record_stays_whole(any_store):
    for user, name in (("U0MINA", "김미나"), ("U0JUNHO", "박준호")):
        knows(any_store, user, name, f"{user}@haneul.example")
    write(any_store, body={"reason": "미나's words"})
    write(any_store, body={"reason": "준호's words"}, actor=JUNHO)
    erased = any_store.write(lambda tx: audit.erase(DPO, tx, ["U0MINA"], NOW, anybody))

    assert erased == 2
    assert any_store.read(audit.verify) == Fine(3, erased=2)
    mine, theirs, saying = records(any_store)
    assert "미나" not in str(mine)
    assert (mine.entry.actor, mine.entry.at) == ("person:T1:U0MINA", NOW)
    assert theirs.body["reason"] == "준호's words"
    assert saying.entry.deed == "audit.erased"
    assert any_store.write(lambda tx: audit.erase(DPO, tx, ["U0MINA"], NOW, anybody)) == 0


def test_nothing_of_what_was_erased_is_left_in_its_table(any_store):
    write(any_store, body={"reason": REASON})
    any_store.write(lambda tx: audit.erase(DPO, tx, ["U0MINA"], NOW, anybody))
    (row,) = any_store.read(lambda tx: tx.execute(select(tables.audit_personal)).all())

    assert (row.salt, row.value, row.people, row.erased_at) == (None, None, [], NOW)


def test_what_others_wrote_about_somebody_is_found_by_the_address(any_store):
    write(any_store, body={"reason": REASON})
    write(any_store, body={"target": "user:Ana@haneul.example"})
    write(any_store, body={"target": "user:joana@haneul.example"})
    write(any_store, body={"target": "user:an_@haneul.example"})

    assert any_store.read(lambda tx: audit.personal_parts(tx, ["an_@haneul.example"])) == 1
    assert any_store.write(lambda tx: audit.erase(DPO, tx, ["ANA@haneul.example"], NOW, anybody)) == 2
    assert isinstance(any_store.read(audit.verify), Fine)


def test_an_address_with_an_apostrophe_and_a_ticket_are_personal(store):
    write(store, body={"target": "user:o'brien@haneul.example"}, actor=JUNHO)
    entry = write(store, body={"ticket": "call 김미나"})

    assert list(entry.body["ticket"]) == ["$personal"]
    assert store.write(lambda tx: audit.erase(DPO, tx, ["o'brien@haneul.example"], NOW, anybody)) == 1


def test_nobody_erases_whom_the_policy_does_not_allow_to(store):
    write(store, body={"reason": REASON})
    why = words("policy.nobody")

    assert store.write(lambda tx: audit.erase(DPO, tx, ["U0MINA"], NOW, lambda *_: why)) == why
    assert records(store)[0].body == {"reason": REASON}


def test_the_record_is_read_by_thing_and_by_time(any_store):
    for n, ref in enumerate((RUN, OTHER, RUN)):
        write(any_store, body={"n": n, "reason": f"because {n}"}, ref=ref, at=NOW + timedelta(hours=n))

    def bodies(*about, **times):
        return [each.body["n"] for each in records(any_store, *about, **times)]

    assert bodies(RUN) == [0, 2]
    assert bodies(RUN, OTHER) == [0, 1, 2]
    assert bodies(since=NOW + timedelta(hours=1)) == [1, 2]
    assert bodies(until=NOW + timedelta(hours=1)) == [0]
    assert [each.body["reason"] for each in records(any_store, RUN)] == ["because 0", "because 2"]


def test_the_head_is_the_newest_entry(any_store):
    entry = write(any_store)

    assert any_store.read(audit.head) == Head(1, entry.hash)


def test_a_thing_may_have_a_name_as_long_as_any_at_google(any_store):
    longest = Ref("access", f"{'p' * 30}.{'d' * 280}.{'t' * 280}")
    write(any_store, ref=longest)

    assert [each.entry.ref for each in records(any_store, longest)] == [str(longest)]
