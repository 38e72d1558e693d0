"""Tokens that vendors gave a prefix so that they can be found, each by its vendor's documentation.

A pattern is written for Python and RE2 alike: ASCII, no look-around. Lengths are lower bounds where vendors change
them; what people name things must not match (`sk-telecom-daily` is no key).
"""

import re

from bot.triage.prefilter import loosened
from bot.triage.secrets.detector import Detector
from bot.triage.secrets.marker import mark

_VENDORS: tuple[tuple[str, str], ...] = (
    ("1Password", r"ops_eyJ[A-Za-z0-9+/_\-]{40,2048}"),
    ("1Password secret key", r"A3-[A-Z0-9]{6}-[A-Z0-9]{6}-?[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
    ("age", r"AGE-SECRET-KEY-[A-Z0-9]{24,128}"),
    ("Aiven", r"AVNS_[A-Za-z0-9_\-]{12,64}"),
    ("Alibaba Cloud", r"LTAI[A-Za-z0-9]{12,30}"),
    ("Artifactory", r"AKCp[A-Za-z0-9]{50,128}"),
    ("Atlassian", r"AT(?:ATT|CTT)3x?[A-Za-z0-9_\-=.]{16,512}"),
    ("AWS", r"(?:AKIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12,128}"),
    ("AWS, temporary", r"ASIA[A-Z]{0,15}[0-9][A-Z0-9]{8,128}"),
    ("Azure AD", r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.\-]{24,64}"),
    ("Bitbucket", r"ATBB[A-Za-z0-9]{24,64}"),
    ("Brevo", r"xkeysib-[a-f0-9]{32,128}-[A-Za-z0-9]{8,32}"),
    ("Databricks", r"dapi[0-9a-f]{30,40}(?:-[0-9])?"),
    ("Databricks, account", r"dkea[0-9a-f]{30,40}(?:-[0-9])?"),
    ("dbt Cloud", r"dbt[cu]_[A-Za-z0-9_\-=]{16,255}"),
    ("DigitalOcean", r"do[opr]_v1_[0-9a-f]{32,128}"),
    ("Doppler", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.]{20,128}"),
    ("Dynatrace", r"dt0[a-z][0-9]{2}\.[A-Za-z0-9]{20,64}\.[A-Za-z0-9]{40,128}"),
    ("Facebook", r"EAA[A-Za-z0-9]{30,512}"),
    ("Fernet", r"gAAAAA[A-Za-z0-9_\-]{60,4096}={0,2}"),
    ("GitHub", r"gh[pousr]_[A-Za-z0-9]{16,255}"),
    ("GitHub, fine-grained", r"github_pat_[A-Za-z0-9_]{20,255}"),
    ("GitLab", r"gl(?:pat|dt|rt|cbt|ptt|soat|ft|agent|imt|ffct|oas)-[A-Za-z0-9_\-.]{16,255}"),
    ("Google API", r"AIza[A-Za-z0-9_\-]{30,64}"),
    ("Google OAuth", r"ya29\.[A-Za-z0-9_\-.]{16,2048}"),
    ("Google OAuth, client", r"GOCSPX-[A-Za-z0-9_\-]{16,64}"),
    ("Google OAuth, refresh", r"1//0[A-Za-z0-9_\-]{24,512}"),
    ("Grafana", r"glsa_[A-Za-z0-9_]{16,128}"),
    ("Grafana Cloud", r"glc_eyJ[A-Za-z0-9+/=_\-]{16,512}"),
    ("Groq", r"gsk_[A-Za-z0-9]{40,64}"),
    ("HashiCorp Terraform", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-=]{32,128}"),
    ("HashiCorp Vault", r"hv[sbr]\.[A-Za-z0-9_\-]{16,512}"),
    ("HubSpot", r"pat-(?:na|eu|ap)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ("Hugging Face", r"(?:hf|api_org)_[A-Za-z0-9]{24,64}"),
    ("Linear", r"lin_(?:api|oauth)_[A-Za-z0-9]{24,80}"),
    ("Mailgun", r"key-[0-9a-f]{32}"),
    ("NAVER Cloud", r"ncp_iam_[A-Za-z0-9]{16,128}"),
    ("New Relic", r"NR(?:AK|JS|AA|RA|II|IQ)-[A-Za-z0-9_\-]{16,64}"),
    ("Notion", r"ntn_[A-Za-z0-9]{24,64}"),
    ("npm", r"npm_[A-Za-z0-9]{30,64}"),
    ("NVIDIA", r"nvapi-[A-Za-z0-9_\-]{24,128}"),
    ("OpenAI", r"sk-[A-Za-z0-9]{20,255}"),
    ("OpenAI, Anthropic and others", r"sk-(?:proj|ant|svcacct|admin|or|lf|None)-[A-Za-z0-9_\-]{16,255}"),
    ("OpenShift", r"sha256~[A-Za-z0-9_\-]{40,64}"),
    ("Perplexity", r"pplx-[A-Za-z0-9]{32,64}"),
    ("PlanetScale", r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.\-]{24,128}"),
    ("Postman", r"PMAK-[A-Za-z0-9_\-]{24,128}"),
    ("Prefect", r"pn[ub]_[A-Za-z0-9]{30,64}"),
    ("Pulumi", r"pul-[0-9a-f]{32,64}"),
    ("PyPI", r"pypi-Ag[A-Za-z0-9_\-]{30,1024}"),
    ("RubyGems", r"rubygems_[0-9a-f]{40,64}"),
    ("SendGrid", r"SG\.[A-Za-z0-9_\-]{16,64}\.[A-Za-z0-9_\-]{16,64}"),
    ("Sentry", r"sntry[a-z]_[A-Za-z0-9_=+/\-]{16,512}"),
    ("Shopify", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{24,64}"),
    ("Slack", r"xox[a-z]-[A-Za-z0-9_\-.%]{8,512}"),
    ("Slack, app", r"xapp-[A-Za-z0-9_\-]{8,512}"),
    ("Slack, configuration", r"xoxe\.xox[a-z]-[A-Za-z0-9_\-]{8,512}"),
    ("Stripe", r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,255}"),
    ("Stripe, webhook", r"whsec_[A-Za-z0-9_+/=]{16,255}"),
    ("Supabase", r"sb(?:p|_secret)_[A-Za-z0-9_]{20,128}"),
    ("Telegram", r"[0-9]{8,10}:AA[A-Za-z0-9_\-]{30,40}"),
)
# Beside an AWS key id stands its secret: forty characters of base64 with both cases.
_AWS_ID = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{12}")
_AWS_SECRET = re.compile(
    r"(?<![A-Za-z0-9/+=_\-.])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_\-.])"
)

_LEADING = re.compile(r"^(?:\[[^\]]*\](?:\{[\d,]+\})?)+")
_JWT = re.compile(r"\beyJ[\w\-]{8,4096}(?:\.[\w\-]{1,8192}){1,4}")
_ANY = "|".join(pattern for _, pattern in _VENDORS)
_TOKEN = re.compile(_ANY)
_FIRST_TOKEN = re.compile(rf"(?<![A-Za-z0-9])(?:{_ANY})")


def clean_vendor_tokens(text: str) -> str:
    """Replace each token, also several in a row; beside an AWS key id also what looks like its secret."""
    kept, at = [], 0
    has_aws = _AWS_ID.search(text) is not None
    while match := _FIRST_TOKEN.search(text, at):
        kept += [text[at : match.start()], mark("token")]
        at = match.end()
        while follower := _TOKEN.match(text, at):
            kept.append(mark("token"))
            at = follower.end()
    text = "".join(kept) + text[at:]
    return _AWS_SECRET.sub(mark("key"), text) if has_aws else text


def clean_json_web_tokens(text: str) -> str:
    return _JWT.sub(mark("token"), text)


DETECTORS = (
    Detector(r"eyJ[\pL\pN_\-]{8}[\pL\pN_\-]*\.", clean_json_web_tokens),
    Detector(loosened("|".join(_LEADING.sub("", pattern) for _, pattern in _VENDORS)), clean_vendor_tokens),
)
