"""Amazon Q Developer in chat applications (once AWS Chatbot): CloudWatch alarms, and events of EMR."""

import re

from bot.triage import labels, topics
from bot.triage.escape import shorten
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.source import Source, leads_to, severity_for, title_of

_CARD = re.compile(
    r"CloudWatch Alarm\s?\|\s?(?P<alarm>[^"
    r"|\n]{1,255}?)\s?\|\s?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?:the )?alarm [\"'`*]*(?P<alarm>[^\n\"'`*]{1,255}?)[\"'`*]* (?:has )?(?:changed"
    r"|transitioned|is now|entered|went)(?:[^\n:]{0,40}?) (?:state )?(?:to "
    r"|in )?(?P<state>ALARM|OK|INSUFFICIENT_DATA)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"(?P<state>ALARM|OK"
    r"|INSUFFICIENT_DATA):\s?[\"“](?P<alarm>[^\"”\n]{1,255})[\"”](?: in (?P<region>[^\n]{2,40}))?"
)
_STATE = re.compile(
    r"\b(?:State|New State|state)\*{0,3}\s?[:\n=]?\s?\*{0,3}(?:value\s?)?(?P<state>ALARM|OK"
    r"|INSUFFICIENT_DATA)\b"
)
_REASON = re.compile(
    r"Threshold Crossed[^\n]{0,800}|Insufficient Data[^\n]{0,300}|Unchecked:[^\n]{0,200}", re.IGNORECASE
)
_NOT_CROSSED = re.compile(r"(?:was|were) not (?:greater|less|lower)", re.IGNORECASE)
_ALARM_LINK = re.compile(r"alarmsV2:alarm/([^?&#/\s]{1,600})|alarm:alarmFilter[^\s]{0,40}name=([^&\s]{1,255})")
_REGION = re.compile(
    r"\b([a-z]{2}(?:-gov)?-(?:north|south|east|west|central|northeast|southeast|northwest"
    r"|southwest)-\d)\b"
)
_EMR = re.compile(
    r"Step (?P<step>s-\w{1,30}) \((?P<name>[^)\n]{1,255})\) in Amazon EMR cluster "
    r"(?P<id>j-\w{1,30}) \((?P<cluster>[^)\n]{1,255})\) (?P<what>failed"
    r"|completed|was cancelled|started|was added|is pending|is running)",
    re.IGNORECASE,
)
_EMR_CLUSTER = re.compile(
    r"Amazon EMR (?:cluster"
    r"|Cluster) (?P<id>j-\w{1,30}) \((?P<cluster>[^)\n]{1,255})\)[^\n]{0,60}?(?P<what>terminated with errors"
    r"|has terminated(?! with)|terminated|failed)",
    re.IGNORECASE,
)
_GENERAL = re.compile(r"(?P<what>FAILED|TIMEOUT|ERROR|STOPPED|SUCCEEDED|ABORTED|TIMED_OUT)\b")


def read(message: Message) -> Alert | None:
    if found := _alarm(message):
        return _from_alarm(message, *found)
    for pattern in (_EMR, _EMR_CLUSTER):
        if match := pattern.search(message.text[:6000]):
            return _from_emr(message, match)
    return None


def _alarm(message: Message) -> tuple[str, str, str] | None:
    """Return alarm, region and state."""
    text = message.text[:6000]
    match = _CARD.search(text) or _QUOTED.search(text) or _SENTENCE.search(text)
    linked, region = _from_links(message)
    alarm = match["alarm"].strip() if match else linked
    if not alarm:
        return None
    named = match.groupdict() if match else {}
    region = named.get("region") or region or next(iter(_REGION.findall(text)), "")
    return alarm, region.strip(), (named.get("state") or _state(text)).upper()


def _state(text: str) -> str:
    if match := _STATE.search(text):
        return match["state"]
    return "OK" if _NOT_CROSSED.search(text) or re.search(r":white_check_mark:|✅|🟢", text[:100]) else "ALARM"


def _from_links(message: Message) -> tuple[str, str]:
    for url in message.links:
        if "cloudwatch" in url and (match := _ALARM_LINK.search(url)):
            region = labels.query_of(url).get("region") or (match_[1] if (match_ := _REGION.search(url)) else "")
            name = (match[1] or match[2]).replace("$252F", "/").replace("$2520", " ")
            return labels.path_of(f"x:/{name}")[-1], region
    return "", ""


def _from_alarm(message: Message, alarm: str, region: str, state: str) -> Alert:
    kind = Kind.RESOLVED if state == "OK" else Kind.ALERT
    default = Severity.WARNING if state == "INSUFFICIENT_DATA" else Severity.ERROR
    reason = _REASON.search(message.text[:8000])
    return Alert(
        kind=kind,
        source="cloudwatch",
        severity=severity_for(kind, stated(message, labels.labels(message)), default),
        resource={"alarm": alarm} | ({"region": region} if region else {}),
        topic=topics.topic_of(f"{alarm}\n{message.text}", "infra-resource") if kind is Kind.ALERT else None,
        title=f"{state}: {alarm}",
        error=shorten(reason[0], 500) if reason else "",
        links=leads_to(message, alarm="://"),
    )


def _from_emr(message: Message, match: re.Match[str]) -> Alert:
    """A step is named by its name and its cluster's: their ids are new in each run."""
    named = match.groupdict()
    what = named["what"].lower()
    kind = Kind.ALERT if "fail" in what or "error" in what else Kind.RESOLVED if "completed" in what else Kind.NOISE
    step = {"step": named["name"]} if named.get("name") else {}
    return Alert(
        kind=kind,
        source="emr"
        if "chatbot" not in message.sender.lower() and "amazon q" not in message.sender.lower()
        else "cloudwatch",
        severity=severity_for(kind, None),
        resource={"cluster": named["cluster"]} | step,
        topic="batch-job-failed" if kind is Kind.ALERT else None,
        title=title_of(message),
        error=match[0],
    )


SOURCE = Source(
    name="cloudwatch",
    read=read,
    senders=("aws chatbot", "amazon q", "cloudwatch"),
    links=("console.aws.amazon.com/cloudwatch",),
    shape=re.compile(
        r"CloudWatch Alarm|Amazon EMR cluster|\balarm \S{1,255} changed state to|^(?:ALARM|OK): \"",
        re.MULTILINE | re.IGNORECASE,
    ),
)
