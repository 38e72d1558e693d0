"""No secret is stored or shown, wherever it stands; what people need stays."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.redact import redact, redact_json
from tests.triage.slack import attached, header, read, section, webhook

SECRETS = {
    "aws key": "AKIA" + "Q7ZT5HNEULPOS2X4",
    "github": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "fine-grained github": "github_pat_" + "11ABCDEFG0abcdefghij_KLMNOPQRSTUVWXYZ0123456789",
    "gitlab": "glpat-" + "xYz12345abcdEFGH6789",
    "slack bot": "xoxb-" + "123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx",
    "slack app": "xapp-" + "1-A012345-6789-abcdef0123456789abcdef",
    "stripe": "sk_live_" + "51H8xYzAbCdEfGhIjKlMnOp",
    "openai": "sk-proj-" + "AbCdEfGhIjKlMnOpQrStUvWxYz012345",
    "google api": "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "google oauth": "ya29." + "a0AfH6SMBx_yZ1234567890abcdefghijklmnop",
    "databricks": "dapi" + "0123456789abcdef0123456789abcdef",
    "sendgrid": "SG." + "aBcDeFgHiJkLmNoPqRsTuV.WxYz0123456789aBcDeFgHiJkLmNoPqRsTuVwXyZ01",
    "npm": "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "vault": "hvs." + "CAESIJ0123456789abcdefghijklmnop",
    "grafana": "glsa_" + "AbCdEfGhIjKlMnOpQrStUvWxYz012345_0a1b2c3d",
    "hugging face": "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567",
    "atlassian": "ATATT3x" + "FfGF0AbCdEfGhIjKlMnOpQrStUvWxYz",
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "card": "4111 1111 1111 " + "1111",
    "card without spaces": "5500005555555559",
    "resident number": "900101-" + "1234567",
}
NAMED = [
    "password=hunter2!",
    "PASSWORD = 'hunter2!'",
    "db_password: hunter2!",
    '"password": "hunter2!"',
    "'passwd': 'hunter2!'",
    '\\"password\\": \\"hunter2!\\"',
    "*Password:* `hunter2!`",
    "*Password*\nhunter2!",
    "PGPASSWORD=hunter2! psql",
    "--password hunter2!",
    "--db-password=hunter2!",
    "mysql -uroot -phunter2!",
    "curl -u admin:hunter2! https://x.corp",
    "client_secret=hunter2!",
    "API key: hunter2!",
    "x-api-key: hunter2!",
    "Authorization: Basic aHVudGVyMg==hunter2!",
    "Authorization: Bearer hunter2!hunter2!",
    'required username="u" password="hunter2!";',
    "postgresql://svc:hunter2!@db.corp:5432/x",
    "jdbc:oracle:thin:scott/hunter2!@db.corp:1521/x",
    "jdbc:mysql://db.corp/x?user=u&amp;password=hunter2!&amp;ssl=1",
    "Server=db.corp;User Id=u;Password=hunter2!;Database=x",
    "amqp://u:hunter2!@mq.corp,amqp://v:hunter2!@mq2.corp",
    "CREATE USER u IDENTIFIED BY 'hunter2!'",
    "the password is hunter2! by the way",
    "비밀번호: hunter2!",
    "비밀번호는 hunter2! 입니다",
    "암호=hunter2!",
    "password hunter2!".replace(" ", "    "),
    "https://x.corp/?token=hunter2!&a=1",
    "Cookie: session=hunter2!",
    "password: <http://hunter2.com|hunter2.com>",
    "비밀번호: <mailto:hunter2@x.com|hunter2@x.com>",
]
KEPT = [
    "dag_id=rotate_password_daily task_id=refresh_token",
    "password authentication failed for user svc_settle on ledger-ro.corp:5432",
    "token: expired",
    "tokens: 40211, rows: 120,331",
    "password_policy: strict, token_count=12",
    "event_id=8780012546753051000 from_ts=1792392393000",
    "run scheduled__2026-10-18T21:00:00+00:00 took 14.5s",
    "https://airflow.corp:8080/log?owner=ana@corp.io&dag_id=a",
    "secretary of the board; the author: ana",
    "Value: A=0.4111111111111111, B=4.5",
    "commit 9f31c0aa7d1e22b8c4a05f6d7e8091a2b3c4d5e6",
    "Bearer authentication is required",
    "ods.gift_cards lag=02:10:31 (limit 02:00:00)",
    "주민 설문 120건, 비밀번호 변경 안내",
]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize(
    "around", ["{}", "see {} there", "({})", '"{}"', "key={}", "`{}`", "값은 {}입니다", "\n{}\n", "a\t{},b"]
)
def test_a_secret_is_found_by_its_look(secret, around):
    cleaned = redact(around.format(secret))

    assert secret not in cleaned
    assert "‹redacted:" in cleaned


@pytest.mark.parametrize("text", NAMED)
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


@pytest.mark.parametrize("end", ["\n-----END RSA PRIVATE KEY-----", "", "…"])
def test_a_private_key_goes_whole_even_when_it_was_cut(end):
    cleaned = redact(f"key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabcd{end}")

    assert "MIIEow" not in cleaned
    assert "abcd" not in cleaned


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


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
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
PARTS = st.sampled_from([*NAMED, *KEPT, *SECRETS.values(), *SIGNS])


@given(st.lists(PARTS, max_size=8).map("".join))
@settings(max_examples=300)
def test_redaction_is_idempotent_on_mixed_secrets(text):
    once = redact(text)

    assert redact(once) == once


@given(
    st.sampled_from(sorted(SECRETS)),
    st.text(string.ascii_letters + string.digits + " \n.,;:!?/가나다", max_size=60).map(lambda s: s + " "),
    st.text(string.ascii_letters + string.digits + " \n.,;:!?/가나다", max_size=60).map(lambda s: " " + s),
)
def test_no_planted_secret_survives(name, before, after):
    assert SECRETS[name] not in redact(before + SECRETS[name] + after)
