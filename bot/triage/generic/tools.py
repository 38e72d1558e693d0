"""Which tool posted, where no parser knows it: by the sender's name, then by where its links lead (rule R3).

Data,
not parsers: each line is a source and what its senders and hosts are called. Teams name their own webhooks after
what they watch ("vault-monitor"); those are home-made.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from bot.triage.labels import host_of, query_of
from bot.triage.lexicon import words
from bot.triage.model import Message

HOME_MADE = "script"  # the source of what teams post themselves

# `source: names, parted by commas;` the source itself with spaces is one of the names.
_TOOLS = """
airtable; akhq; alerta; ambari; amplitude; anomalo; appdynamics; appsignal; atlantis; aws: aws notifications, amazon
web services, aws sns; aws_backup; aws_budgets; aws_glue: glue; aws_health; aws_step_functions: step functions,
stepfunctions; azure_data_factory: data factory; azure_monitor: azure alerts, microsoft azure; bamboo; better_stack:
betterstack, better uptime, betteruptime, logtail; bigeye; bigpanda; bigquery; bitbucket; bitrise; bugsnag; buildkite;
catchpoint; census: getcensus; checkly; checkmk: check_mk, check mk; chronosphere; circleci: circle ci;
clickhouse_cloud: clickhouse cloud; cloud_build: google cloud build, cloudbuild; cloud_composer; cloudera: cloudera
manager; cloudflare; codefresh; concourse; confluent; control_m: controlm, control-m; coralogix; coveralls; cribl;
cronhub; cronitor; cruise_control: cruisecontrol; dagshub; databand; databricks; dataflow: google dataflow; datafold;
dataform; datahub; dead_mans_snitch: dead man's snitch, deadmanssnitch; deequ; dependabot; digitalocean;
dooray: 두레이;
drone: drone ci; dynatrace; elastalert: elastalert2; elastic: elastic cloud, elasticsearch; emr: amazon emr, aws emr;
firehydrant; fivetran; flink; flux: fluxcd, flux cd, kustomize-controller, helm-controller, source-controller,
notification-controller; ganglia; gatus; gitlab; gocd; google_cloud: google cloud platform; grafana_oncall: oncall;
graylog; harness; healthchecks: healthchecks.io, healthchecks io; heroku; hevo: hevodata, hevo data; hightouch;
honeybadger; honeycomb; icinga: icinga2, icinga 2, icingaweb, icingadb; ilert; incident_io: incident.io; instana;
jandi: 잔디; jira; kafka_ui: kafka ui; kakao_cloud: kakao cloud, kakaocloud, 카카오클라우드; kapacitor; keptn;
kestra; kibana;
komodor; kt_cloud: ktcloud, kt 클라우드; lacework; launchdarkly; lenses; librenms; lightdash; lightstep; lightup;
linode;
logdna: mezmo; logz_io: logz.io; loki: loki ruler; looker; luigi; mage: mage ai, mage-ai, mageai; mailgun; matillion;
meltano; metaplane; mixpanel; mlflow; mongodb_atlas: mongodb atlas, mongodb cloud; monit; monte_carlo:
montecarlo; munin; nagios: nagiosxi,
nagios xi; naver_cloud: naver cloud platform, ncp, ncloud, cloud insight, 네이버 클라우드, 네이버클라우드; netdata;
new_relic:
newrelic; nexla; nhn_cloud: nhn cloud, nhncloud, toast cloud; nifi; nomad; observium; octopus_deploy: octopus; oozie;
openobserve; opsramp; oracle_cloud: oci notifications; pagertree; papertrail; percona: percona pmm; pingdom; pinpoint;
planetscale; polytomic; portainer; preset; prometheus; prtg; pulumi; quicksight; rapid7; raygun; redash; redshift:
amazon redshift; retool; rivery; rollbar; rootly; rudderstack; rundeck: rundeck pro; scouter; semaphore; sensu;
servicenow; sigma_computing; signalfx: splunk observability; singlestore; site24x7; snowflake; snyk; soda; solarwinds;
spacelift; spark; spinnaker; splunk; splunk_on_call: splunk on-call, splunk oncall, victorops; spotfire; sqlmesh;
squadcast; stackdriver; statuscake: status cake; statuspage; stitch: stitchdata, stitch data; streamsets; striim;
sumo_logic: sumologic; supabase; superset: apache superset; sysdig; tableau; tailscale; talend; teamcity; tecton;
temporal: temporal cloud; terraform; terraform_cloud: hcp terraform, terraform enterprise, tfe, tfc; thoughtspot;
thousandeyes; tinybird; travis_ci: travis, travisci; trino; updown: updown.io; upstash; uptime_kuma: uptimekuma, kuma;
uptime_robot: uptimerobot; vantage; vault: hashicorp vault; vercel; victoria_metrics: victoriametrics; vmalert; wandb:
weights & biases; wavefront; whatap: 와탭; windmill; woodpecker; xmatters; zabbix: 자빅스; zenduty; zenoss
"""
# Hosts whose name is not the tool's.
_HOSTS = {
    "getmontecarlo.com": "monte_carlo",
    "cloud.soda.io": "soda",
    "app.terraform.io": "terraform_cloud",
    "uptime.betterstack.com": "better_stack",
    "app.getcensus.com": "census",
    "signin.whatap.io": "whatap",
}
# Their pages number incidents: the number is the identity (rule R4, as with PagerDuty).
PAGING = frozenset(
    words("""
splunk_on_call, dynatrace, incident_io, firehydrant, xmatters, rootly, squadcast, ilert, zenduty, bigpanda,
servicenow, pagertree, grafana_oncall
""")
)
# Nobody known, and those whose alerts Alertmanager or Grafana words.
SHARE_SHAPES = frozenset({"", "vmalert", "victoria_metrics", "loki", "prometheus", "google_cloud", "aws", "bigquery"})
# They watch machines and services by name.
MONITORS = frozenset(
    words("""
nagios, icinga, checkmk, zabbix, sensu, prtg, librenms, netdata, monit, munin, zenoss, solarwinds, observium
""")
)
_OWN_WORDS = re.compile(
    r"(?:^|[\s_.\-])(?:watch(?:er|dog)?|guard|monitor|mon|check(?:er)?|health|probe|sentinel|lint(?:er)?|runner"
    r"|cron|job"
    r"|jobs|batch|loader|uploader|export(?:er)?|import(?:er)?|sync|keeper|reporter|collector|puller|scanner|wrapper"
    r"|nightly|daily|script|cleanup|backup|test|tests|tracker|report|digest)(?:\.\w{1,3})?(?:$|[\s_.\-(])"
    r"|감시|점검|관제|지킴이|수집|적재"
)
_NO_SENDER = re.compile(
    r"(?:incoming[ \-]?webhooks?|webhooks?|alerts?|alarms?|notifications?|notifier|slack ?bot|bot|monitoring"
    r"|ops|data|alert ?bot|알림|알리미|알림봇|봇|경보|모니터링|장애 ?알림|)\W*"
)
# Words of every day: the sender bears the tool's name only where it says nothing else.
_COMMON = frozenset(
    words("""
drone, harness, nomad, mage, stitch, spark, flux, temporal, census, concourse, octopus, vantage, elastic, monit,
oncall, trino, pinpoint, semaphore, atlantis, loki, kuma, flink, vault, luigi, segment, aws, azure, heroku, bamboo,
nifi, travis, tfe, tfc, emr, glue, preset, retool, checkly, percona, wandb, spotfire, dooray, jandi, prometheus
""")
)
_BESIDE_NAME = re.compile(
    r"(?:alerts?|alerting|alarms?|notif(?:y|ier|ications?)|bot|app|cloud|server|ruler|ci|prod|prd|stg|dev|kr|ops"
    r"|service"
    r"|messenger|history|slack|data|gcp|aws|v?\d+|알림|알람|메신저|on|scheduler|enterprise|integration|hooks?|\W)+"
)


def source_of(message: Message) -> str:
    """Return the tool in lower_snake_case; `script` for home-made webhooks."""
    sender = message.sender.strip().lower()
    if tool := by_sender(sender):
        return tool
    named = _joined(sender)
    is_nameless = _NO_SENDER.fullmatch(sender) is not None
    for url in message.links[:8]:
        tool, parts = _by_host(host_of(url))
        if is_nameless and tool:
            return tool
        if len(named) > 2 and named in (parts if message.sender[:1].isupper() else parts[-1:]):
            return re.sub(r"[^a-z0-9]+", "_", sender).strip("_")  # called as the place where its links lead
    return HOME_MADE


@lru_cache(maxsize=1024)  # a workspace has few senders
def by_sender(sender: str) -> str:
    """Return the known tool whose name the sender (lower case) bears, or nothing."""
    spaced = _spaced(sender)
    if is_home_made(sender) and spaced not in _names():
        return ""
    for name, source in _names().items():
        at = spaced.find(name)
        if at < 0 or (at and spaced[at - 1].isalnum()) or _goes_on(spaced, at + len(name)):
            continue
        if name not in _COMMON or _BESIDE_NAME.fullmatch(f"{spaced[:at]} {spaced[at + len(name) :]}"):
            return source
    return ""


@lru_cache(maxsize=1024)
def is_home_made(sender: str) -> bool:
    """Tell by its name (lower case) that a team made the sender: `dlq-watch`, `적재감시봇`."""
    return " " not in sender.strip() and _OWN_WORDS.search(sender) is not None


def _spaced(name: str) -> str:
    return re.sub(r"[\s_\-]+", " ", name).strip()


def _goes_on(text: str, at: int) -> bool:
    return text[at : at + 1].isascii() and text[at : at + 1].isalpha()


@cache
def _names() -> Mapping[str, str]:
    """Return name → source, longer names first: "splunk on call" before "splunk"."""
    found: dict[str, str] = {}
    for tool in " ".join(_TOOLS.split()).split("; "):
        source, _, others = tool.partition(":")
        for name in (source, *others.split(",")):
            if plain := _spaced(name):
                found.setdefault(plain, source)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


@lru_cache(maxsize=2048)
def _by_host(host: str) -> tuple[str, tuple[str, ...]]:
    """Return the tool that the host is called after, and the parts of its name up to the registered one."""
    whole = next((source for part, source in _HOSTS.items() if host.endswith(part)), "")
    parts = tuple(host.split(".")[:-1])
    return whole or next((_names()[part] for part in parts if part in _names()), ""), parts


def named_by_links(message: Message) -> Mapping[str, str]:
    """Return the parameters of the first links that name a host or a service, as monitoring tools write them."""
    found: dict[str, str] = {}
    for url in message.links[:4]:
        if "host" in url or "service" in url:
            query = query_of(url)
            found = {key: query[key] for key in ("host", "host.name", "service") if key in query} | found
    return found


def _joined(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)
