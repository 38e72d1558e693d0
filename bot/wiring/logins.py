"""As whom Baton calls the vendors."""

from bot.adapters.airflow import Credentials
from bot.adapters.jsm import Account as JsmAccount
from bot.config.load import Config
from bot.config.model import AirflowAuth, AirflowServer
from bot.config.secrets import AirflowLogin


def jsm_account(config: Config) -> JsmAccount:
    """Return as whom Baton calls Jira Service Management."""
    told, token = config.baton.jsm, config.secrets.jsm_api_token
    assert told is not None, "the configuration asks for the site of a schedule there"
    assert token is not None, "the configuration asks for the token of a schedule there"
    return JsmAccount(told.site, told.email, token.get_secret_value(), told.cloud_id, told.url)


def airflow_credentials(server: AirflowServer, login: AirflowLogin) -> Credentials:
    """Return how Baton proves who it is to this Airflow: Google's word where the file says so, else the secrets."""
    if server.auth is AirflowAuth.GOOGLE:
        return Credentials(google=True, audience=server.audience)
    password, token = (secret.get_secret_value() if secret else None for secret in (login.password, login.token))
    return Credentials(login.username, password, token)
