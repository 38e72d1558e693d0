"""What is added to a list at Google can be taken out again, and nothing else ever changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import bindings, entries
from bot.access.members import Addition, Compared, Key, Member, compare, key_for, role_of
from tests.access.lists import BINDINGS, EMAILS, ENTRIES, GROUPS, ROLES

MEMBERS = st.one_of(EMAILS.map(Member.user), GROUPS.map(Member.group))
CONDITION = {"title": "baton/g1", "expression": 'request.time < timestamp("2026-12-01T00:00:00Z")'}
ADDITIONS = st.builds(
    lambda member, role, conditional: Addition(
        key_for(member, role_of(role), "baton/g1" if conditional else ""), CONDITION if conditional else None
    ),
    MEMBERS,
    ROLES,
    st.booleans(),
)
PLAIN = ADDITIONS.filter(lambda each: each.condition is None)


def distinct(additions):
    return list({each.key: each for each in additions}.values())


@given(ENTRIES, st.lists(ADDITIONS, max_size=4).map(distinct))
def test_what_was_given_on_a_dataset_is_taken_back_and_nothing_else(listed, additions):
    new = [each for each in additions if each.key not in entries.keys_of(listed)]
    with_it = entries.with_added(listed, new)

    assert list(entries.without(with_it, [each.key for each in new])) == listed
    assert {each.key for each in new} <= set(entries.keys_of(with_it))


@given(BINDINGS, st.lists(PLAIN, max_size=4).map(distinct))
def test_what_was_given_on_a_table_is_taken_back_and_nothing_else(listed, additions):
    new = [each for each in additions if each.key not in bindings.keys_of(listed)]
    with_it = bindings.with_added(listed, new)

    assert list(bindings.without(with_it, [each.key for each in new])) == listed
    assert {each.key for each in new} <= set(bindings.keys_of(with_it))


@given(ENTRIES, ADDITIONS, ENTRIES)
def test_what_others_add_meanwhile_stays(listed, addition, later):
    if addition.key in entries.keys_of([*listed, *later]):
        return
    between = [*entries.with_added(listed, [addition]), *later]

    assert list(entries.without(between, [addition.key])) == [*listed, *later]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"userByEmail": "Dana@Haneul.Example", "role": "READER"}, id="case"),
        pytest.param({"iamMember": "user:dana@haneul.example", "role": "READER"}, id="as an IAM member"),
        pytest.param({"userByEmail": "dana@haneul.example", "role": "roles/bigquery.dataViewer"}, id="IAM role"),
    ],
)
def test_one_person_is_one_person_however_it_is_written(entry):
    assert entries.key_of(entry) == Key("user", "dana@haneul.example", "roles/bigquery.dataViewer")


def test_a_machine_is_no_person_though_google_lists_both_alike():
    key = entries.key_of({"userByEmail": "loader@lab.iam.gserviceaccount.com", "role": "READER"})

    assert key is not None
    assert key.kind == "serviceAccount"


@pytest.mark.parametrize(
    ("held", "wanted", "found"),
    [
        pytest.param("READER", "READER", Compared.ALREADY_HAS, id="the same"),
        pytest.param("WRITER", "READER", Compared.ALREADY_HAS, id="more"),
        pytest.param("READER", "WRITER", Compared.WEAKER_EXISTS, id="less"),
        pytest.param("roles/custom.masked", "READER", Compared.ADD, id="something else"),
    ],
)
def test_what_somebody_has_is_compared_with_what_they_shall_get(held, wanted, found):
    dana = Member.user("dana@haneul.example")

    assert compare([key_for(dana, role_of(held))], key_for(dana, role_of(wanted))) is found


def test_access_with_somebody_elses_condition_is_not_counted_on():
    dana = Member.user("dana@haneul.example")
    held = Key("user", dana.email, role_of("READER"), '{"title": "until spring"}')

    assert compare([held], key_for(dana, role_of("READER"))) is Compared.ADD


def test_members_that_google_has_deleted_can_be_left_out():
    gone = {"iamMember": "deleted:user:dana@haneul.example?uid=1", "role": "READER"}
    view = {"view": {"projectId": "lab", "datasetId": "marts", "tableId": "v"}}

    assert entries.without_deleted([gone, view]) == (view,)
    listed = [{"role": "r", "members": ["deleted:user:x@y.z?uid=1", "user:a@b.c"]}]
    assert bindings.without_deleted(listed) == ({"role": "r", "members": ["user:a@b.c"]},)
