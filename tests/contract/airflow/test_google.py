"""Google's tokens for Composer: from a service account's file, from a metadata server, and where there is neither."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt

from bot.adapters.airflow import Credentials, connect
from bot.clock import SystemClock
from bot.ports.errors import NotAuthenticated, Unavailable
from tests.contract.airflow.scripted import Drops, Says, Scripted

GOOGLE = "https://oauth2.googleapis.com/token"  # for whom the account signs, wherever that is sent
ACCOUNT, AUDIENCE = "baton@acme.example", "1234.apps.example"
VERSION, DAG = "/api/v2/version", "/api/v2/dags/d"
ASK = (
    "from bot.adapters.airflow import Credentials, connect\n"
    "from bot.ports.errors import VendorError\n"
    "import sys\n"
    "airflow = connect('prod', sys.argv[1], Credentials(google=True, audience=sys.argv[2] or None))\n"
    "try: print(airflow.dag('d').dag_id)\n"
    "except VendorError as error: print(type(error).__name__, error.detail)\n"
)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def certificate(key):
    """What Google checks the account's signatures with."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "baton")])
    now = SystemClock().now()
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def google(at_once):
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def account(tmp_path, monkeypatch, key, google):
    """A service account's file, as Google hands it out, whose tokens come from `google`."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(encoding, form, serialization.NoEncryption()).decode()
    about = {"type": "service_account", "client_email": ACCOUNT, "private_key_id": "1", "private_key": private}
    file = tmp_path / "account.json"
    file.write_text(json.dumps({**about, "project_id": "acme", "token_uri": f"{google.url}/token"}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    return file


@pytest.fixture
def composer(scripted):
    """An Airflow behind Google's proxy: every request must say who asks."""

    def let_in(answer):
        return lambda asked: answer if asked.token.startswith("google-") else Says(401, {"error": "Unauthorized"})

    scripted.script("GET", VERSION, let_in(Says(data={"version": "3.3.2"})))
    scripted.script("GET", DAG, let_in(Says(data={"dag_id": "d"})))
    return scripted


@pytest.fixture
def airflow(composer):
    adapter = connect("prod", composer.url, Credentials(google=True))
    yield adapter
    adapter.close()


def issue(*tokens, seconds=3600):
    return [Says(data={"access_token": token, "expires_in": seconds, "token_type": "Bearer"}) for token in tokens]


def test_an_access_token_is_asked_for_once_with_the_accounts_signature(google, account, airflow, certificate):
    google.script("POST", "/token", *issue("google-1"))

    assert airflow.dag("d") == airflow.dag("d")
    (asked,) = google.asked
    claims = jwt.decode(asked.body["assertion"][0], certs=certificate, audience=GOOGLE)
    assert (claims["iss"], claims["scope"]) == (ACCOUNT, "https://www.googleapis.com/auth/cloud-platform")


def test_even_the_version_is_asked_with_the_token(google, account, airflow, composer):
    google.script("POST", "/token", *issue("google-1"))
    airflow.dag("d")

    assert {asked.path: asked.token for asked in composer.asked} == {VERSION: "google-1", DAG: "google-1"}


def test_a_refused_token_is_renewed_once(google, account, airflow, composer):
    google.script("POST", "/token", *issue("google-1", "google-2"))
    refused = Says(401, {"error": "Unauthorized"})
    composer.script("GET", DAG, lambda asked: refused if asked.token == "google-1" else Says(data={"dag_id": "d"}))

    assert airflow.dag("d").dag_id == "d"
    assert google.count("POST", "/token") == 2


def test_a_token_that_ends_soon_is_renewed_before_it_is_refused(google, account, airflow):
    google.script("POST", "/token", *issue("google-1", seconds=60), *issue("google-2"))
    airflow.dag("d")

    assert google.count("POST", "/token") == 2
    assert airflow.dag("d").dag_id == "d"
    assert google.count("POST", "/token") == 2


def test_behind_identity_aware_proxy_an_identity_token_is_made_for_it(google, account, composer, key, certificate):
    signer, later = crypt.RSASigner(key), SystemClock().now() + timedelta(hours=1)
    identity = jwt.encode(signer, {"aud": AUDIENCE, "exp": int(later.timestamp())}).decode()
    google.script("POST", "/token", Says(data={"id_token": identity}))
    composer.script("GET", VERSION, Says(data={"version": "3.3.2"}))
    composer.script("GET", DAG, Says(data={"dag_id": "d"}))
    airflow = connect("prod", composer.url, Credentials(google=True, audience=AUDIENCE))

    assert airflow.dag("d").dag_id == "d"
    claims = jwt.decode(google.asked[0].body["assertion"][0], certs=certificate, audience=GOOGLE)
    assert claims["target_audience"] == AUDIENCE
    assert {asked.token for asked in composer.asked} == {identity}
    airflow.close()


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        pytest.param(Says(400, {"error": "invalid_grant"}), NotAuthenticated, "invalid_grant", id="account deleted"),
        pytest.param(Drops, Unavailable, "Google gives no token", id="no answer"),
    ],
)
def test_where_google_gives_no_token_it_says_so(google, account, airflow, answer, error, words):
    google.script("POST", "/token", answer)

    with pytest.raises(error, match=words):
        airflow.dag("d")


def ask(composer, tmp_path, metadata, audience=""):
    """Ask in a process of its own: Google's library looks for its machine when it is imported."""
    environ = {"GCE_METADATA_HOST": metadata, "GCE_METADATA_IP": metadata, "HOME": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-c", ASK, composer.url, audience]
    environ |= {"GCE_METADATA_TIMEOUT": "1", "GCE_METADATA_DETECT_RETRIES": "1", "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def test_on_google_cloud_the_machines_own_account_is_taken(google, composer, tmp_path):
    flavour = {"Metadata-Flavor": "Google"}
    place = "/computeMetadata/v1"
    google.script("GET", "/", Says(raw=b"", headers=flavour))
    google.script("GET", f"{place}/project/project-id", Says(raw=b"acme", headers={**flavour, "Content-Type": "text"}))
    google.script("GET", f"{place}/universe/universe-domain", Says(raw=b"googleapis.com", headers=flavour))
    google.script("GET", f"{place}/instance/service-accounts/default/", Says(data={"email": ACCOUNT}, headers=flavour))
    tokens = Says(data={"access_token": "google-1", "expires_in": 3600}, headers=flavour)
    google.script("GET", f"{place}/instance/service-accounts/{ACCOUNT}/token", tokens)
    google.script("GET", f"{place}/instance/service-accounts/default/token", tokens)

    assert ask(composer, tmp_path, google.url.removeprefix("http://")) == "d"


@pytest.mark.parametrize("audience", ["", AUDIENCE])
def test_where_there_is_no_google_account_the_remedy_is_said(composer, tmp_path, audience):
    said = ask(composer, tmp_path, "127.0.0.1:1", audience)

    assert said.startswith("NotAuthenticated no Google account here: set GOOGLE_APPLICATION_CREDENTIALS")
