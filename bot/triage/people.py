"""What people write: a request to the data team, or not. The mood of the ending decides (rule R1)."""

import re

from bot.triage import labels, naming, prose, topics
from bot.triage.escape import shorten
from bot.triage.lexicon import words
from bot.triage.model import Alert, Kind, Message
from bot.triage.prefilter import Finder

_ASKS = Finder(
    r"부탁|주세요|주십시오|주실 ?(?:수|분)|주실래|줄래|주실까요|주시겠|주시면|줄 ?수 ?있|해 ?줘|해줄래|가능할까요"
    r"|가능한가요|가능하신가요|될까요|볼까요|할까요|요청 ?드|요청 ?합|신청 ?드|신청 ?합|"
    r"필요합니다|필요해요|필요한데|문의 ?드|아시는 ?분|아시나요|계신가요|있을까요|있나요|계실까요|계세요\?|없을까요"
    r"|언제 ?(?:쯤)? ?(?:들어|나오|나와|올라|갱신|업데이트|되나|볼)|\bis there any way\b|\bany way to\b"
    r"|인가요|일까요|왜 .{0,60}(?:나요|까요|죠|지요|가요|는지)|되나요|하나요|주시죠|"
    r"\b(?:could|can|would|will) (?:you|someone|somebody|anyone|anybody|i|we|the data team)\b"
    r"|\bplease\b|\bpls\b|\bplz\b|\b(?:i|we) need\b|\bneed(?:s|ing)? (?:(?:\w+[ \-]){0,2}access|permissions?|help"
    r"|someone"
    r"|a (?:rerun|backfill|reload))\b|"
    r"\bany ?(?:one|body) (?:know|able|else|have|can|free|around)\b|\bany idea\b"
    r"|\bdoes any(?:one|body)\b|\brequest(?:ing)? (?:for )?(?:access|a |the |permission|read"
    r"|write)|\bwould (?:it be possible|be great|love|appreciate)\b|\bany chance\b|"
    r"\bwould (?:anyone|anybody|someone|somebody) (?:mind|be able)\b|\bany help\b|\bappreciated?\b"
    r"|\bwho (?:can|could|should i ask|owns?|do i ask)\b|\bmind (?:re-?running|taking|having|checking)\b|"
    r"\bis it possible\b|\bdo you mind\b|\bwould you mind\b|\bmay i\b|\bhow (?:do|can) i get\b"
    r"|\bwhy (?:is|are|does|do|did|has|have|was|were)\b.{0,120}\?|\bis there (?:a"
    r"|any) (?:issue|problem|delay|reason)|\blooking for access\b|\bhelp (?:me|us|with)\b"
    r"|\bwhen will\b",
    re.IGNORECASE,
)
_REPORTS = Finder(
    r"안 ?(?:열려|열립|열리|들어가|떠요|뜹|뜨네|돼요|되네|됩니다)|먹통|\bstopped (?:refreshing|updating|loading"
    r"|working|syncing)\b|"
    r"이상(?:해요|합니다|한데|하네요|한 것)|안 ?맞(?:아요|습니다|는|네요)|안 ?(?:들어왔|들어와"
    r"|나와|나옵|보여|보입|올라|쌓이|돌았|돌아|됐|되어"
    r"|된 것)|누락(?:된|됐|되|이)|비어 ?있|0 ?(?:건|으로) ?(?:나와|나옵|표시)|틀(?:려|린|립)"
    r"|다르(?:게|네|다|ㄴ)|반토막|줄었|"
    r"\b(?:looks?|seems?|appears?|is|are) (?:wrong|off|broken|empty|stale|incorrect|outdated"
    r"|missing|weird|too (?:low|high)|half|way (?:off|too))\b|\b(?:has|have)n'?t (?:updated"
    r"|loaded|refreshed|arrived|landed)|\bnot (?:updating|loading|refreshing|updated|loaded)\b"
    r"|"
    r"\b(?:doesn|don|didn)'?t (?:match|add up|load|update|refresh|show)|\bno data (?:for|in"
    r"|since)\b|\bmissing (?:rows|data|records|partitions?)\b|\bcan'?t (?:access|query|see"
    r"|read|open)\b|\bget(?:ting)? (?:a )?(?:permission|access) denied|\b(?:403|access denied"
    r"|permission denied)\b",
    re.IGNORECASE,
)
_DONE = Finder(
    r"(?:재적재|재실행|부여|완료|처리|조치|적용|해결|수정|반영|배포|백필|복구|실행|적재|등록"
    r"|추가|삭제|재기동|재시작|롤백|확인"
    r"|공유)\S{0,4} ?(?:했|하였|됐습|됐어|되었|완료|끝)|끝났|끝냈|완료(?:입니다|됨|했|됐|되)"
    r"|걸어 ?뒀|돌려 ?놨|풀어 ?드렸|드렸습니다"
    r"|드렸어요|해 ?뒀|해놨|하고 ?있습|하고 ?있어|보고 ?있습|보고 ?있어|"
    r"진행 ?중|보는 ?중|확인 ?중|(?<!감사)(?<!감사드)하겠습니다|할게요|할께요|볼게요|드릴게요|드리겠습니다|정상화"
    r"|공유 ?드(?:려|립)|"
    r"\balready\b|\b(?:i|we)(?:'ve| have)? (?:just )?(?:granted|reran|rerun|re-ran|fixed"
    r"|finished|completed|restarted|reloaded|backfilled|added|merged|deployed|pushed|cleared"
    r"|resolved|rolled|approved|checked|opened|updated|handled)\b|\b(?:has"
    r"|have) been (?:granted|rerun|re-run|fixed|reloaded|restored|resolved|completed"
    r"|backfilled|deployed|cleared|updated)\b|"
    r"\bis (?:done|fixed|fine|ok|good|back|resolved|complete)\b|\b(?:done|fixed|finished)\b"
    r"|\b(?:i'?ll|i will|i'm going to|i am)\b.{0,30}(?:rerun|look|check|fix|take|handle"
    r"|looking|checking|working|on it)|\bworking on (?:it|this)\b|\blooking into (?:it|this)\b"
    r"|\bnever ?mind\b|\bnvm\b|\bno (?:need|longer needed|action)\b|\bfyi\b",
    re.IGNORECASE,
)
_NOT_DONE = Finder(
    r"(?:안|못) ?(?:된|됐|되|돼|했|하|끝)|(?:완료|처리|적재|해결|반영|실행|수정)\S{0,2}(?:안"
    r"|못|지 ?않)|미완료|지 ?않"
    r"|is (?:not|n't) (?:done|fixed|fine|ok|back)|not (?:yet )?(?:done|fixed|finished|been)"
    r"|(?:once|when|if|until) (?:it |this )?(?:is|'s) (?:done|fixed|finished|complete)|끝나면"
    r"|완료되면|완료 ?후|끝난 ?후|했는데|됐는데|하려고",
    re.IGNORECASE,
)
_OPERATION = Finder(
    r"재실행|재적재|재처리|백필|다시 ?(?:돌|적재|실행|넣|올|수행)|돌려|롤백|재기동|재시작|권한"
    r"|접근|열어|풀어|부여|복구|추가|변경|생성|삭제|추출|"
    r"\bre-?run|\bback-?fill|\breload|\bre-?load|\brestart|\bre-?process|\breplay|\brefresh"
    r"|\bgrant|\baccess\b|\bpermissions?\b|\bbigquery role|\bunblock|\brestore|\bre-?trigger"
    r"|\btrigger|\bclear\b|\bload\b|\bonboard",
    re.IGNORECASE,
)
_OF_DATA = Finder(
    r"데이터|테이블|적재|배치|대시보드|지표|숫자|수치|집계|정산|마트|쿼리|에러|오류|파이프라인"
    r"|스키마|컬럼|로그|토픽|커넥터|건수|매출|파티션|동기화|리포트|조회|빅쿼리|태스크|원천"
    r"|카프카|스노우플레이크|웨어하우스|클릭스트림|클러스터|노트북|디비|\bdb\b|접속|계정|쿼터|스케줄|주기|모델"
    r"|백업|인덱스|뷰\b|"
    r"\b(?:dags?|data|tables?|datasets?|dashboards?|numbers?|pipelines?|jobs?|quer(?:y|ies)"
    r"|columns?|metrics?|rows?|partitions?|reports?|kafka|topics?|connectors?|bigquery"
    r"|snowflake|airflow|dbt|models?|schema|etl|loads?|sync|tasks?|errors?|warehouse|mart|tiles?|charts?|widgets?"
    r"|kpis?|figures|totals?|extract|connections?"
    r"|databases?|db|account|quota|cluster|notebooks?|backups?|exports?|imports?|csv|feeds?|redash|metabase"
    r"|databricks|superset|clickstream|events|lake|spark"
    r"|views?|s3|redshift|looker|tableau)\b",
    re.IGNORECASE,
)
_OTHER_BUSINESS = Finder(
    r"(?:코드|PR|MR) ?리뷰|리뷰 ?(?:부탁|요청|해)|\breview (?:my|this|our|these|the|a)\b|\breviewers?\b|\bPR\b"
    r"|\bMR\b|회의|미팅|\bmeeting\b|점심|저녁|\blunch\b|\bcoffee\b|커피|투표|설문"
    r"|\bsurvey\b|스탠드업|\bstandup\b|휴가|\bvacation\b|생일|\bparty\b|회식|\binvite\b|초대",
    re.IGNORECASE,
)
_PASTED = re.compile(r"```.{0,6000}?(?:```|$)", re.DOTALL)
_CLAUSE = re.compile(r"(?<=[.!?~;,])\s+|\n+")
_FORM_HINTS = words(
    "신청, 요청, 작성자, 신고자, 제보자, 문의자, 접수자, 등록자, request, submit, applicant, from user, reporte"
)
_FORM_LABEL = re.compile(
    r"^(?:신청자|요청자|요청인|신청인|작성자|requester|requested by|submitted by|request from|requestor|reporter"
    r"|reported by|submitter"
    r"|신고자|제보자|문의자|접수자|등록자|from user|applicant|요청 ?부서|신청 ?부서)$",
    re.IGNORECASE,
)
_FORM_TITLE = Finder(
    r"신청서?|요청서?|의뢰|신고|제보|문의|접수|help ?desk|\brequest\b|\bform\b|\bsubmission\b", re.IGNORECASE
)
# "New data access request from @ana", "@ana 님이 신청했습니다": the requester stands in the title.
_FROM_PERSON = Finder(r"\brequest(?:ed)? (?:from|by) @\w|@\w+ ?(?:님)?(?:이|의)? ?(?:신청|요청|문의)", re.IGNORECASE)
_FORM_WHY = words(
    """
    사유, 목적, 대상, reason, purpose, justification, target, dataset, 신청 사유, 요청 사유, 요청사항, 요청 내용,
    내용, details, description, request, table, why, what, 설명, 상세, 증상, 기간, 문의 내용, 문의내용
    """
)

_ACCESS = Finder(
    r"권한|접근|열어|풀어|부여|조회 ?(?:가|가 ?안|불가)|접속 ?(?:이|이 ?안|불가|계정)|로그인|계정 ?(?:생성|잠|발급"
    r"|추가)|"
    r"\bunlock|\bpassword\b|\blog ?in\b|\b(?:job user|data viewer|data editor|viewer|editor)\b|\baccess\b"
    r"|\bpermission|\bgrant|\broles?\b|\b403\b|denied",
    re.IGNORECASE,
)
_RERUN = Finder(
    r"재실행|재적재|재처리|재집계|재수행|재계산|재추출|재생성|백필|다시 ?(?:돌|적재|실행|수행|집계|계산)|돌려"
    r"|\bre-?run|\bback-?fill"
    r"|\bre-?load|\bre-?process|\breplay|\bre-?trigger",
    re.IGNORECASE,
)
_FRESH = Finder(
    r"적재.{0,12}(?:안|누락|지연|늦)|안 ?(?:들어|올라|쌓)|오늘자|어제자|최신|\bstale\b|fresh|n'?t (?:updated?"
    r"|loaded?|refresh|arrived|landed)|not (?:updat|load|refresh)|\blate\b|missing (?:load"
    r"|partition|data)|\bdelay|업데이트|갱신",
    re.IGNORECASE,
)
_CHANGE = Finder(
    r"(?:컬럼|필드|테이블|스키마|토픽|dag|뷰|인덱스|주기|스케줄|파티션|보존 ?기간).{0,24}(?:추가|변경|생성|삭제"
    r"|만들|조정|수정)|\b(?:add|create|rename|drop"
    r"|change) (?:a |the |new |an )?(?:column|field|table|schema|topic|view|dag|pipeline)",
    re.IGNORECASE,
)
_WRONG = Finder(
    r"숫자|수치|이상|안 ?맞|틀|다르|건수|중복|누락|\bnumbers?\b|\bwrong\b|\boff\b|row count"
    r"|\bduplicat|\bmismatch|match|\bhalf\b",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"쿼터|할당량|\bquota\b|\bslots?\b", re.IGNORECASE)
_CONNECTOR = re.compile(
    r"(?:connector|커넥터).{0,80}(?:re-?start|kick|stuck|재기동|재시작|죽|멈)|(?:re-?start|kick|재기동"
    r"|재시작).{0,60}(?:connector|커넥터)",
    re.IGNORECASE | re.DOTALL,
)
_Q = r"[*`\"']{0,2}"
_DAG = (
    re.compile(
        rf"\bdags?\b{_Q}\s{{0,2}}(?P<sign>[:=]?){_Q}\s{{0,2}}{_Q}(?P<name>[A-Za-z_][\w.\-]{{2,200}})", re.IGNORECASE
    ),
    re.compile(rf"(?P<name>[A-Za-z_][\w.\-]{{2,200}}){_Q}\s?(?P<sign>)(?:dag\b|대그)", re.IGNORECASE),
)


def read(message: Message) -> Alert:
    """Return a request or noise. Replies in threads are conversation."""
    if message.thread_ts and message.thread_ts != message.ts:
        return _noise("a person's reply in a thread")
    asks, why = asks_for_something(message.text)
    return request(message, "human", why) if asks else _noise(why)


def asks_for_something(text: str) -> tuple[bool, str]:
    """Tell whether a person asks the data team for something, and why.

    "재적재 끝났습니다, 확인 부탁드립니다" reports what was done and only asks to look: no request.
    """
    said = _PASTED.sub(" ", text)[:4000]
    is_about_data = bool(_OF_DATA.search(text) or _OPERATION.search(said) or prose.table_in(said) or "`" in text)
    if not is_about_data:
        return False, "is not about data"
    asking = [clause for clause in _CLAUSE.split(said) if _ASKS.search(clause)]
    done = _DONE.search(_NOT_DONE.sub(" ", said)) is not None
    wants_operation = any(
        _OPERATION.search(clause) and not _DONE.search(_NOT_DONE.sub(" ", clause)) for clause in asking
    )
    if _OTHER_BUSINESS.search(said) and not wants_operation:
        return False, "asks for something else"
    if asking and (wants_operation or not done):
        return True, "asks for something"
    if _REPORTS.search(said) and not done:
        return True, "reports that data is wrong"
    return False, "says that something is done" if done else "asks for nothing"


def is_form(message: Message) -> bool:
    """Tell whether a bot passes on a person's request form: a requester, and a purpose or a title of a request."""
    low = message.text[:1500].lower()
    if not any(map(low.__contains__, _FORM_HINTS)):
        return False
    title = message.text[:600].strip().partition("\n")[0].replace("*", "")
    is_titled = _FORM_TITLE.search(f"{title}\n{message.sender}") is not None
    found = labels.labels(message)
    has_why = any(key in found for key in _FORM_WHY)
    return (any(map(_FORM_LABEL.match, found)) and (is_titled or has_why)) or (
        has_why and _FROM_PERSON.search(title) is not None
    )


def request(message: Message, source: str, why: str) -> Alert:
    return Alert(
        kind=Kind.REQUEST,
        source=source,
        resource=_resource(message),
        topic=_topic(message.text),
        title=shorten(" ".join(message.text.split()), 300),
        explanation=(why,),
    )


def _topic(text: str) -> str:
    said = _PASTED.sub(" ", text)
    if _CONNECTOR.search(said):
        return "connector-failed"
    for topic, pattern in (
        ("quota", _QUOTA),
        ("rerun", _RERUN),
        ("permission-denied", _ACCESS),
        ("change-request", _CHANGE),
        ("freshness", _FRESH),
        ("data-quality", _WRONG),
    ):
        if pattern.search(said):
            return topic
    if re.search(r"task failed|dag|airflow|태스크", text, re.IGNORECASE):
        return "airflow-task-failure"
    return topics.topic_of(text, "data-quality")


def _resource(message: Message) -> dict[str, str]:
    text = message.text
    if dag_id := _dag(text):
        return {"dag_id": dag_id}
    found = labels.labels(message)
    is_access = _ACCESS.search(_PASTED.sub(" ", text)) is not None
    target = labels.name_of(
        labels.first(found, "dataset", "데이터셋", "table", "테이블", "대상", "대상 테이블", "target", "resource")
    )
    name = (
        target
        if target and " " not in target
        else prose.table_in(text) or next((match[1] for match in re.finditer(r"`([^`\n]{2,160})`", text)), "")
    )
    if not name:
        return {}
    return {"dataset" if is_access and name.count(".") <= 1 else "table": name}


def _dag(text: str) -> str:
    """Return the name beside the word DAG; without a colon only what looks like a name ("rerun the DAG x_y")."""
    for match in (match for pattern in _DAG for match in pattern.finditer(text)):
        if match["sign"] or naming.is_name(match["name"]):
            return match["name"]
    return ""


def _noise(why: str) -> Alert:
    return Alert(kind=Kind.NOISE, source="human", explanation=(why,))
