"""No secret is stored or shown, wherever it stands; what people need stays."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.redact import redact, redact_json
from tests.triage.planted import BY_LOOK, BY_NAME, KEPT, KEY_LINES
from tests.triage.slack import attached, header, read, section, webhook


@pytest.mark.parametrize("secret", BY_LOOK.values(), ids=BY_LOOK.keys())
@pytest.mark.parametrize(
    "around", ["{}", "see {} there", "({})", '"{}"', "key={}", "`{}`", "값은 {}입니다", "\n{}\n", "a\t{},b"]
)
def test_a_secret_is_found_by_its_look(secret, around):
    cleaned = redact(around.format(secret))

    assert secret not in cleaned
    assert "‹redacted:" in cleaned


@pytest.mark.parametrize("text", BY_NAME)
def test_a_secret_is_found_by_its_name(text):
    cleaned = redact(text)

    assert "hunter2" not in cleaned
    assert "‹redacted:" in cleaned


@pytest.mark.parametrize("text", KEPT)
def test_what_people_need_stays(text):
    assert redact(text) == text


def test_hosts_and_users_of_a_url_stay():
    cleaned = redact("dsn=postgresql://svc:Qp7!vR@ledger-ro.corp:5432/ledger")

    assert cleaned == "dsn=postgresql://svc:‹redacted:password›@ledger-ro.corp:5432/ledger"


@pytest.mark.parametrize("kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
@pytest.mark.parametrize("form", ["{begin}\n{lines}\n{end}", "{begin}\n{lines}", "{begin}\n{lines}…", "{lines}\n{end}"])
@pytest.mark.parametrize("newline", ["\n", "\\n", " "])
def test_a_private_key_goes_whole_even_when_it_was_cut(kind, form, newline):
    key = form.format(begin=f"-----BEGIN {kind}-----", end=f"-----END {kind}-----", lines=KEY_LINES)

    cleaned = redact(f"the key: {key}".replace("\n", newline))

    assert "hunter2" not in cleaned
    assert cleaned.startswith("the key: ")


@pytest.mark.parametrize(
    "value",
    [
        {"fields": [{"title": "Password", "value": "opensesame"}]},
        {"password": "opensesame"},
        {"fields": [{"type": "mrkdwn", "text": "*DB password:*"}, {"type": "mrkdwn", "text": "opensesame"}]},
        {"elements": [{"type": "text", "text": "password="}, {"type": "text", "text": "opensesame"}]},
        {"deep": [{"deeper": {"api_key": "opensesame"}}]},
    ],
)
def test_a_label_hides_the_value_beside_it(value):
    assert "opensesame" not in json.dumps(redact_json(value))


def test_nothing_to_hide_returns_the_same_object():
    value = {"text": "ods.orders is late", "attachments": [{"title": "Task failed", "fields": []}]}

    assert redact_json(value) is value


def test_too_deep_json_is_cut_and_not_followed():
    value = current = {}
    for _ in range(500):
        current["a"] = {}
        current = current["a"]
    current["password"] = "opensesame"

    assert "opensesame" not in json.dumps(redact_json(value))


@pytest.mark.parametrize("secret", BY_LOOK.values(), ids=BY_LOOK.keys())
@pytest.mark.parametrize(
    "place",
    [
        lambda s: webhook("x", s),
        lambda s: webhook("x", "", attachments=attached("Failed", f"error: {s}")),
        lambda s: webhook("x", "", attachments=attached(f"Failed {s}")),
        lambda s: webhook("x", "", attachments=attached("Failed", "", fields=[{"title": "Error", "value": s}])),
        lambda s: webhook("x", "", attachments=attached("Failed", "", footer=s, pretext=s)),
        lambda s: webhook("x", "", blocks=[header("Failed"), section(f"```{s}```"), section("", f"*Error*\n{s}")]),
        lambda s: webhook("x", "", blocks=[{"type": "table", "rows": [[{"type": "raw_text", "text": s}]]}]),
        lambda s: webhook("x", "", blocks=[{"type": "unheard_of", "anything": {"at": [s]}}]),
        lambda s: webhook(s, "Failed"),
    ],
)
def test_no_secret_survives_in_any_place_of_a_message(secret, place):
    message = read(place(secret))

    assert secret not in message.text
    assert secret not in json.dumps(message.payload, ensure_ascii=False)
    assert secret not in message.sender


@given(st.text(max_size=300))
def test_redaction_is_idempotent(text):
    once = redact(text)

    assert redact(once) == once


SIGNS = ["password", "=", ":", '"', "\\", "@", "://", "\n", " ", "‹redacted:password›"]
PARTS = st.sampled_from([*BY_NAME, *KEPT, *BY_LOOK.values(), *SIGNS])


@given(st.lists(PARTS, max_size=8).map("".join))
@settings(max_examples=300)
def test_redaction_is_idempotent_on_mixed_secrets(text):
    once = redact(text)

    assert redact(once) == once


@given(
    st.sampled_from(sorted(BY_LOOK)),
    st.text(string.ascii_letters + string.digits + " \n.,;:!?/가나다", max_size=60).map(lambda s: s + " "),
    st.text(string.ascii_letters + string.digits + " \n.,;:!?/가나다", max_size=60).map(lambda s: " " + s),
)
def test_no_planted_secret_survives(name, before, after):
    assert BY_LOOK[name] not in redact(before + BY_LOOK[name] + after)
