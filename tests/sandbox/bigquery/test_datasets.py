"""Datasets and their access: etags, replacement, who exists, what BigQuery writes down instead of what it was told."""

import pytest
from google.api_core import exceptions
from google.cloud import bigquery

from tests.sandbox.bigquery.conftest import API, NOW, ORDERS, PROJECT, SORA, VIEWER, living, reason


def test_every_dataset_of_a_project_is_listed(bq):
    listed = [dataset.dataset_id for dataset in bq.client.list_datasets(retry=None, timeout=5)]

    assert listed == ["events", "orders", "orders_mart", "partner_share", "partners", "users"]


def test_a_long_list_comes_in_pages(bq):
    pages = bq.client.list_datasets(page_size=2, retry=None, timeout=5).pages

    assert [page.num_items for page in pages] == [2, 2, 2]


def test_every_write_changes_the_etag(bq):
    dataset = bq.client.get_dataset("users", retry=None, timeout=5)
    etags = [dataset.etag]
    for words in ("one", "two"):
        dataset.description = words
        dataset = bq.client.update_dataset(dataset, ["description"], retry=None, timeout=5)
        etags.append(dataset.etag)

    assert len(set(etags)) == 3


def test_a_stale_etag_changes_nothing(bq):
    mine, theirs = (bq.client.get_dataset("users", retry=None, timeout=5) for _ in range(2))
    theirs.description = "theirs"
    bq.client.update_dataset(theirs, ["description"], retry=None, timeout=5)
    mine.description = "mine"

    with pytest.raises(exceptions.PreconditionFailed) as refused:
        bq.client.update_dataset(mine, ["description"], retry=None, timeout=5)
    assert refused.value.errors[0]["reason"] == "conditionNotMet"
    assert bq.client.get_dataset("users", retry=None, timeout=5).description == "theirs"


def test_a_write_without_an_etag_is_taken_and_counted(bq):
    acl = bq.acl()
    bq.set_acl(living(acl["access"]), acl["etag"])
    assert bq.look("requests")["blind_writes"] == 0

    users = bigquery.Dataset(f"{PROJECT}.users")
    users.description = "written blindly"
    bq.client.update_dataset(users, ["description"], retry=None, timeout=5)
    assert bq.look("requests")["blind_writes"] == 1


def test_a_patch_replaces_the_whole_list(bq):
    entry = {"role": "OWNER", "specialGroup": "projectOwners"}

    assert bq.set_acl([entry]).json()["access"] == [entry]
    assert bq.acl()["access"] == [entry]


def test_views_and_unknown_keys_come_back_as_they_were(bq):
    view = {"view": {"projectId": PROJECT, "datasetId": "orders_mart", "tableId": "v", "later": [1]}}

    assert bq.add(view) == view


def test_a_new_dataset_has_the_access_of_its_project(bq):
    made = bq.client.create_dataset("fresh", retry=None, timeout=5)

    assert {(entry.role, entry.entity_id) for entry in made.access_entries} == {
        ("WRITER", "projectWriters"),
        ("OWNER", "projectOwners"),
        ("READER", "projectReaders"),
    }


def test_a_dataset_is_made_once_and_goes_for_good(bq):
    bq.client.create_dataset("fresh", retry=None, timeout=5)
    with pytest.raises(exceptions.Conflict):
        bq.client.create_dataset("fresh", retry=None, timeout=5)
    bq.client.delete_dataset("fresh", retry=None, timeout=5)

    with pytest.raises(exceptions.NotFound, match=r"Not found: Dataset haneul-prod:fresh"):
        bq.client.get_dataset("fresh", retry=None, timeout=5)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        pytest.param(
            {"role": "READER", "userByEmail": "nobody@haneul.example"}, "User nobody@haneul.example", id="user"
        ),
        pytest.param({"role": "READER", "groupByEmail": "no@haneul.example"}, "Group no@haneul.example", id="group"),
        pytest.param({"role": "READER", "domain": "no.example"}, "Domain no.example", id="domain"),
        pytest.param({"role": "READER", "iamMember": "user:no@haneul.example"}, "User no@haneul.example", id="member"),
    ],
)
def test_whom_nobody_knows_is_refused_by_name(bq, entry, named):
    answer = bq.set_acl([entry])

    assert (answer.status_code, reason(answer)) == (400, "invalid")
    message = answer.json()["error"]["message"]
    assert message == f"IAM setPolicy failed for Dataset {PROJECT}:orders: {named} does not exist."


def test_the_access_of_a_deleted_account_is_shown_but_not_taken_back(bq):
    bq.add({"role": "READER", "userByEmail": SORA})
    bq.control("forget", address=SORA, uid="7")
    entries = bq.acl()["access"]
    assert entries[-1] == {"role": "READER", "iamMember": f"deleted:user:{SORA}?uid=7"}

    refused = bq.set_acl(entries)
    assert (refused.status_code, reason(refused)) == (400, "invalid")
    bq.control("settings", takes_deleted=True)
    assert bq.set_acl(entries).json()["access"] == entries


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({"role": VIEWER, "userByEmail": SORA}, {"role": "READER", "userByEmail": SORA}, id="viewer"),
        pytest.param(
            {"role": "roles/bigquery.dataEditor", "iamMember": f"user:{SORA}"},
            {"role": "WRITER", "userByEmail": SORA},
            id="editor",
        ),
        pytest.param(
            {"role": "roles/bigquery.dataOwner", "iamMember": "group:analysts@haneul.example"},
            {"role": "OWNER", "groupByEmail": "analysts@haneul.example"},
            id="owner",
        ),
        pytest.param(
            {"role": "roles/bigquery.metadataViewer", "userByEmail": SORA.upper()},
            {"role": "roles/bigquery.metadataViewer", "userByEmail": SORA.upper()},
            id="a role without a legacy name",
        ),
        pytest.param(
            {"role": "READER", "iamMember": "allAuthenticatedUsers"},
            {"role": "READER", "specialGroup": "allAuthenticatedUsers"},
            id="everybody",
        ),
    ],
)
def test_an_entry_is_kept_as_bigquery_writes_it(bq, given, kept):
    assert bq.add(given) == kept


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"role": "READER"}, id="nobody"),
        pytest.param({"role": "READER", "userByEmail": SORA, "domain": "haneul.example"}, id="two members"),
        pytest.param({"userByEmail": SORA}, id="no role"),
        pytest.param({"role": "READS", "userByEmail": SORA}, id="no such role"),
        pytest.param({"role": "READER", "view": {"tableId": "v"}}, id="a view with a role"),
        pytest.param({"role": "READER", "specialGroup": "projectFriends"}, id="no such group"),
        pytest.param({"role": "READER", "iamMember": f"friend:{SORA}"}, id="no such kind of member"),
    ],
)
def test_a_wrong_entry_is_refused_and_nothing_changes(bq, entry):
    before = bq.acl()

    assert reason(bq.set_acl([entry])) == "invalid"
    assert bq.acl() == before


def test_only_the_access_is_shown_or_changed_where_only_that_is_asked(bq):
    assert "description" not in bq.acl(datasetView="ACL")
    assert "access" not in bq.acl(datasetView="METADATA")
    body = {"access": living(bq.acl()["access"]), "description": "mine"}
    bq.http.patch(f"{API}/datasets/orders", params={"updateMode": "UPDATE_ACL"}, json=body).raise_for_status()

    assert bq.acl()["description"] == "Every order, as the shop sent it"


def test_permissions_can_be_taken_from_the_account(bq):
    bq.control("deny", permission="bigquery.datasets.setIamPolicy", where=f"{PROJECT}:orders")

    refused = bq.set_acl(living(bq.acl()["access"]))
    assert (refused.status_code, reason(refused)) == (403, "accessDenied")
    bq.control("deny", permission="bigquery.datasets.setIamPolicy", where=f"{PROJECT}:orders", again=True)
    assert bq.set_acl(living(bq.acl()["access"])).status_code == 200


def test_who_may_read_is_known_through_groups_and_the_project(bq):
    readers = bq.look("readers", dataset=ORDERS)

    assert readers["at"][:16] == f"{NOW:%Y-%m-%dT%H:%M}"
    assert "alex@haneul.example" in readers["readers"]  # by a group
    assert "dana@haneul.example" in readers["readers"]  # owns the project
    assert SORA not in readers["readers"]


def test_the_page_shows_who_may_read_what_now(bq):
    bq.add({"role": "READER", "userByEmail": SORA})
    page = bq.http.get("/").text

    assert f"<td>{SORA}<td>READER userByEmail {SORA}" in page
    assert "deleted" not in page.partition("<h2>haneul-prod.orders_mart")[0].partition("haneul-prod.orders<")[2]


def test_what_the_sandbox_does_not_know_is_refused_by_name(bq):
    answer = bq.http.get(f"{API}/datasets/orders/routines")

    assert (answer.status_code, reason(answer)) == (501, "notImplemented")
    assert f"GET {API}/datasets/orders/routines" in answer.json()["error"]["message"]
    assert bq.look("requests")["requests"][-1]["status"] == 501
