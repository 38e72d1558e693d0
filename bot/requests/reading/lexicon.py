"""The words for `signs`, in RE2's syntax, for text in small letters. Data alone."""

# The polite and the plain ways of asking; the slips that everybody makes are words here.
_ASK_KO = (
    r"부탁|주[세셰쎄](?:요|여|용|욤)|주셔요|주셨으면|주십[시쇼]|주실 ?(?:수|분|래)|주시(?:면|겠|죠|길|기|나)|(?:해|려"
    r"|어|아|와|봐|내|눠|러|워|켜|춰) ?(?:줘|주라|줄래|주삼|주셈|줄 ?수|주면)|가능(?:할까|한가|하신|하실|할지|한지|여부"
    r"| 여부|\?)|(?:될|돼|되)까(?:요|여)|요청(?:드|합|해| ?드| ?합|이요|입니다|요|\s*[\]:.!]|$)|신청(?:드|합|해| ?드"
    r"| ?합|이요|입니다|\s*[\]:.!]|$)|필요(?:합|해|한데|할|하다|함|$|\.|!)|받(?:을 ?수|고 ?싶|아야)|싶(?:습|어|은데)"
    r"|바랍니다|바라요|바래요|좀요|플리즈|플즈|ㄱㄱ|시간 ?되(?:실|시)|🙏|🙇|:pray:|:bow:|상신|(?:해|려|야)(?:야"
    r"|되)? ?(?:할|될) ?(?:것|거|듯)|야 ?(?:합니다|해요|돼요|됩니다)"
)
_ASK_EN = (
    r"\b(?:(?:could|can|would|will|cld|wld) (?:you|u|ya|y'all|someone|somebody|anyone|anybody|some ?one|we|i"
    r"|(?:the )?data (?:team|eng\w*)|one of you|sb|folks|the team|please|pls|on-?call|de|whoever\S*)|please|pls+|plz+"
    r"|plse|needs?|needing|request(?:ing)?|any chance|any way|(?:would|'d)(?: really| very)? (?:appreciate|love|like"
    r"|be (?:great|nice|good|possible|awesome|helpful))|appreciate it|(?:do |would )?(?:you )?mind (?:\w+-)?\w+ing"
    r"|looking for access|(?:has|have|got) to be|should be re|may i|is it possible|possible to|able to|help|who (?:can"
    r"|could)|want(?:s|ed)? to|anyone (?:free|around|able)|asap|kindly|how (?:do|can) (?:i|we) get|requires?|let'?s get"
    r"|waiting for|when (?:you|someone|somebody) (?:get|gets|have|has)|ok(?:ay)? to)\b|\b(?:could"
    r"|can) (?:\S+ ){1,5}be (?:re-?)?\w+ed\b|^(?:re-?run|re-?load|back-?fill|restart|re-?process|clear|grant"
    r"|give) (?:the|my|our|this|that|all|me|us|yesterday|last|\w*_\w*)\b"
)
_RERUN_KO = (
    r"재적재|재실행|재처리|재집계|재수행|재계산|재추출|재생성|재수집|재시작|재기동|재가동|재배치|재작업|재로드|백필"
    r"|벡필|빽필|리런|리로드|소급|다시 ?(?:한 ?번 ?)?(?:좀 ?|한번 ?)?(?:돌|떠 ?주|떠줘|뜨|태워|적재|실행|수행|집계|계산"
    r"|채|말아|올|넣|생성|수집|부어|뽑아|받아|로드|만들|가져)|(?:한 ?번|새로)(?:만)? ?(?:더 ?)?(?:돌|말아|적재|실행)"
    r"|돌려 ?(?:주|줘|줄|야)|배치.{0,12}돌려|클리어|재시도|리프레시|새로고침|다시 ?\S{0,4}넣|(?:채워|태워|메꿔"
    r"|메워) ?(?:주|줘|줄|넣)|돌려야"
)
_RERUN_EN = (
    r"\bre-?\s?(?:run|runs|running|ran)\b|\bback-?\s?fill(?:s|ed|ing)?\b|\bre-?\s?load(?:s|ed|ing)?\b"
    r"|\bre-?\s?process(?:ed|ing)?\b|\breplay(?:ed|ing)?\b|\bre-?\s?trigger(?:ed|ing)?\b|\bre-?start(?:ed|ing)?\b"
    r"|\bre-?\s?ingest(?:ed|ing|ion)?\b|\bre-?\s?comput(?:e|ed|ing)\b|\brebuil[dt]\b|\bre-?sync(?:ed|ing)?\b"
    r"|\brefresh(?:ed)? (?:the|for|of|\w+_\w+)\b|\b(?:get|table|mart|dataset|data)\b.{0,40}\brefreshed\b"
    r"|\bkick (?:off )?\b|\btrigger\b|\b(?:run|load(?:ed)?|fill|ingest|pull|process)\b.{0,40}\bagain\b|\bre-?execut\w*"
    r"|\bclear ?(?:한|해|좀|부탁|눌러)|\bclear(?:ing)? (?:the )?(?:\w+ )?(?:failed|tasks?|dags?|runs?)\b|\bre-?(?:do"
    r"|export|import|extract|deriv\w+|calculat\w+|generat\w+|populat\w+|creat\w+|pull|push|publish|send)\b"
    r"|\b(?:one more time|once more|another run|full[- ]refresh|retry)\b"
)
_ACCESS_KO = (
    r"권한|퍼미션|접근|접속 ?(?:계정|권한|정보|허용)|액세스|엑세스|열람|조회 ?(?:가|가 ?안|권|가능|할 ?수 ?있게)"
    r"|열어 ?(?:주|줘|줄)|풀어 ?(?:주|줘|줄)|부여|로그인|비밀번호|패스워드|계정.{0,14}(?:생성|발급|추가|만들|잠|연장"
    r"|요청|신청|풀)|볼 ?수 ?있(?:게|도록|나|을|는|어야)|오픈 ?(?:가능|부탁|해|요청)|에디터|뷰어|(?:읽기|쓰기) ?(?:권한"
    r"|정책|전용|가능|로|/|\||,|$)|공유 ?가능|초대 ?(?:해|부탁)|화이트리스트|방화벽"
)
_ACCESS_EN = (
    r"\bacc?ess\b|\bpermissions?\b|\bperms?\b|\bgrant\b|\broles?\b|\bviewer\b|\beditor\b|\b403\b|denied|\bunlock"
    r"|\bpassword\b|\blog ?in\b|\b(?:read|write|edit)(?: ?only)? (?:access|rights|perms?|on|to)\b|\b(?:my|an?|redash"
    r"|looker|airflow|metabase) account\b|\b(?:set|let|add) (?:me|us|him|her|them)\b|\bwhitelist|\ballow-?list"
    r"|\bprivileges?\b|\b(?:its|my|our|their|the|same) rights\b|\bopen \S+ (?:up )?(?:for|to) (?:our|my|the|us|me)\b"
    r"|\b(?:can(?:'t|not)|not able to|needs? to) (?:see|query|read|access|select)\b|\bsupposed to (?:see|have)\b"
    r"|\binvite me\b|\bforbidden\b"
)
# Of a deed that is asked for in one breath: its end, the deeds, and in English what may stand between.
_ASKING_END = (
    r"부탁|주[세셰쎄](?:요|여|용)|주셔요|주셨으면|주십[시쇼]|주실 ?(?:수|분|래)|주시(?:면|겠|길)|줘|줄래|주라|줄 ?수"
    r"|플리즈|plz|pls|please|ㄱㄱ|(?:요청|신청)(?:드|합|해요| ?드| ?합|이요|입니다|요|\s*[\]:.!]|$)|가능(?:할까|한가"
    r"|하신|하실|한지|\?)|(?:될|되)까요|필요(?:합|해|한데|$|\.|!)|(?:받을|얻을) ?수|바랍|바라요|바래요|싶습|싶어|좋겠"
    r"|야 ?(?:할|될|됩|합|돼|해요)|좀요|🙏|🙇"
)
_DEED_KO = (
    r"추가|변경|생성|삭제|추출|조정|재적재|재실행|재처리|재집계|재수행|재계산|재추출|재생성|재수집|재시작|재기동|재로드"
    r"|재시도|백필|리런|돌려|적재해|채워|태워|말아|다시 ?(?:\S{1,6} ?)?(?:넣어|떠|올려|적재)|클리어|풀 ?리프레시|권한"
    r"|부여|열어|풀어|추가해|회수|오픈|계정 ?(?:생성|발급|추가)|에디터로|뷰어로|붙여|복구|연장|접근|볼 ?수 ?있(?:게"
    r"|도록)|공유 ?가능|초기화|backfill|rerun|re-run|reload|access"
)
_DEED_EN = (
    r"create|rename|export|extract|re-?\s?run|back-?fill|re-?load|re-?process|replay|re-?trigger|restart|refresh"
    r"|trigger|clear|kick|grant|give|unlock|extend|add|remove|revoke|re-?ingest|re-?execute|re-?comput|re-?generate"
    r"|rebuild|full[- ]refresh|retry|load|acc?ess|permissions?|set (?:me|us|that)|re-?sync|whitelist|run again|run the"
    r"|open \S+ for"
)
_DEED_NOUN = (
    r"re-?\s?run|back-?fill|re-?load|re-?process|full[- ]refresh|refresh|restart|replay|re-?execution|access"
    r"|permissions?|viewer|editor|write|role"
)
_DEED_PASSIVE = (
    r"re-?\s?run|re-?(?:loaded|processed|built|freshed|computed|calculated|triggered|started|derived|generated|ingested"
    r"|executed|created)|back-?filled|loaded again|granted|extended|unlocked|rebuilt"
)
_DIRECT_KO = rf"(?:{_DEED_KO})[^.?!~]{{0,8}}(?:{_ASKING_END})"
_DIRECT_EN = (
    r"\b(?:please|pls|plz|kindly|(?:could|can|would|will|cld) (?:you|u|ya|someone|somebody|anyone|anybody|on-?call"
    r"|one of you|(?:the )?(?:data )?team)(?: guys| please)?|mind|any chance (?:you|someone|we)(?: could| can)?"
    r"|possible to|able to|(?:great|nice|awesome|appreciate it) if (?:you|someone)(?: could| can)?|who (?:can"
    r"|could))(?: (?:please|pls|plz|just|also|kindly|quickly|manually|help(?: me| us)?|us|to|maybe|possibly"
    r"|go ahead and"
    rf"|request|a|the|have|get)){{0,3}} (?:{_DEED_EN})"
    rf"|\b(?:{_DEED_EN})\b.{{0,60}}\b(?:please|pls|plz)\b"
    r"|\b(?:need|needs|needing|requesting|request|want|love|appreciate|looking for|(?:could|can|may) (?:i"
    r"|we) (?:please )?(?:get|have))(?: for)?(?: (?:a|an|the|some|my|our|read|write|edit|temporary|temp|full|another"
    r"|read-only|of|on))"
    rf"{{0,3}} (?:{_DEED_NOUN})\b"
    rf"|\b(?:has|have|needs?) to be (?:{_DEED_PASSIVE})\b"
    r"|\b(?:(?:could|can) (?:i|we)(?: please)? (?:get|have)|(?:'d|would) (?:like|love)|(?:we|i) need (?:the|this|that"
    r"|these|all|\S+[_.]\S+))\b"
    rf".{{0,70}}\b(?:{_DEED_PASSIVE})\b"
    r"|\b(?:access|backfill|rerun|re-run|reload|permissions?) request ?[:-]"
)

PATTERNS = {
    "ask": f"{_ASK_KO}|{_ASK_EN}",
    "direct": f"{_DIRECT_KO}|{_DIRECT_EN}",
    "rerun": f"{_RERUN_KO}|{_RERUN_EN}",
    "access": f"{_ACCESS_KO}|{_ACCESS_EN}",
    "about": (
        r"(?:재적재|재실행|재처리|백필|권한|접근) ?(?:작업 ?)?(?:관련|결과|여부|때문|이력|현황|내역|회의|문서|가이드"
        r"|대상|리뷰|이후|요청하실|신청하실)|\b(?:access|back-?fill|re-?run|reload|permissions?) (?:reviews?|results?"
        r"|status|plans?|docs?|policy|meeting|sync|logs?|history)\b|\b(?:about|whether) (?:to |the |a )?(?:re-?run"
        r"|re-?load|back-?fill|access)"
    ),
    "strong": (
        r"재(?:적재|실행|처리|집계|수행|계산|추출|생성|수집|로드|시도|시작|기동)|백필|리런|클리어|풀 ?리프레시"
        r"|\b(?:re-?\s?run|re-?\s?load|back-?\s?fill|re-?\s?process|re-?ingest|replay|restart)(?:s|ed|ing|ning)?\b"
    ),
    "marked": r"\?",
    "service": r"(?:커넥터|클러스터|서버).{0,6}재(?:시작|기동)|\brestart (?:\S+ ){0,3}(?:connector|cluster|server)s?\b",
    "change": (
        r"(?:컬럼|칼럼|필드|테이블|스키마|토픽|dag|뷰|인덱스|주기|스케줄|파티션|보존 ?기간|알림|지표|데이터|배치|쿼리"
        r"|쿼터|대그|로직|column|table|schema|dag).{0,24}(?:추가|변경|생성|삭제|만들|조정|수정|추출|뽑아|중지|멈춰|꺼"
        r"|켜|늘려|넣어|옮겨|보내|전달|공유해|당겨|미뤄|바꿔)|추출 ?(?:부탁|요청|해)|\b(?:add|create|rename|drop|change"
        r"|pause|unpause|stop|delete|extract|export|pull|increase|bump|move|send me|give me)\b.{0,40}\b(?:columns?"
        r"|fields?|tables?|schemas?|topics?|views?|dags?|pipelines?|data|csv|jobs?|partitions?|quota|dataset"
        r"|retention)\b|\b(?:add|rename|drop)\b.{0,40}\w_\w|\b(?:add|change|rename|drop|update|delete|remove) (?:it"
        r"|this|that|them)\b|\b(?:columns?|tables?|schemas?|views?|retention|quota|docs)\b.{0,40}\b(?:added|changed"
        r"|renamed|removed|raised|lowered|updated)\b"
    ),
    "check": (
        r"확인|봐 ?(?:주|줘|줄)|체크|살펴|점검|검토|조사|조치|대응|원인 ?(?:파악|분석)|\b(?:look|check|investigate"
        r"|look into|help|looking|see what|fix|figure)\b"
    ),
    "question": (
        r"\?|나요|까요|[은는인한건런던된닌]가요|는지|을지|알 ?수 ?있|궁금|문의|아시는 ?분|아시나|할까|될까|니까\s*$"
        r"|[죠까][^가-힣a-z0-9]*$|(?:뭐|뭔|어디|언제|누가|누구|몇|어떻게|왜|얼마).{0,30}[요죠지까나냐][^가-힣a-z0-9]*$"
        r"|\b(?:any ?(?:one|body)(?: \w+){0,5} (?:know|knows)|wondering|any idea|any update|curious|(?:quick )?question"
        r"|where (?:is|are|do|can|does) (?:i|we|the)|how (?:do|can|should) (?:i|we)|is there a)\b|^(?:(?:hi|hey|hello"
        r"|so|and|also|sorry|folks|team|all)\b\W*)*(?:which|what|what's|when|why|where|how|who)\b"
    ),
    "inform": (
        r"어디|언제|어떻게|무엇|뭔|뭐|무슨|왜|몇|어느|어떤|얼마|누구|누가|아시는|아시나|알 ?수 ?있|궁금|문의|의미|차이"
        r"|기준|정의|는지|방법|인가요|건가요|된가요|맞나요|있나요|있을까요|없나요|되나요|하나요|진행 ?상황|쯤|\b(?:how"
        r"|where|what|what's|which|when|why|who|any ?(?:one|body) know|do you know|is there|does|difference|mean|means"
        r"|wondering|update on|deprecated|still|is|are)\b"
    ),
    "trouble": (
        r"안 ?(?:열|들어|넘어|떠|뜨|뜹|뜬|돼|되|된|됩|됐|나와|나오|나옵|나왔|보여|보이|보입|올라|쌓|돌았|돌아|맞|왔"
        r"|와요|오네|잡|움직|바뀌)|못 ?(?:가져|읽|불러|찾)|먹통|이상(?:해|합|한|하|이|함)|누락|비어|비었|텅|0 ?(?:건"
        r"|으로|원)|빵원|공백|틀(?:려|린|립|렸)|다르(?:게|네|다)|다릅|반토막|절반|줄었|급감|급증|튀|튑|느려|느리|지연"
        r"|늦(?:어|네|고)|깨(?:져|졌|지|진)|깨짐|중복|음수|멈(?:춘|췄|춰|추)|죽(?:은|었|어)|실패|에러|오류|장애|null"
        r"|널로|터졌|터진|뻗|끊|밀(?:려|리|린)|없(?:어요|네요|습니다|는데)|사라|타임아웃|불일치|버그|문제가|못 ?(?:하고"
        r"|받)|안되|유실|빠(?:진|져|졌)|막(?:혀|혔)|두 ?배|세 ?배|두 ?번씩|뛰었|초과|빨간 ?불|🔴|\d배|(?:시간|분|일)째"
        r"|이슈|사고|마이너스|50[0-4]|오래된|옛날|그대로|\b(?:wrong|off|broken|empty|stale|incorrect|outdated|missing"
        r"|weird|strange|stuck|down|fail(?:s|ed|ing|ure)?|errors?|duplicates?d?|nulls?|late|delayed|slow|crash(?:ed"
        r"|ing)?|timing out|timeouts?|dropped|drop|spike|too (?:low|high)|half|behind|lagging|lag|bug|corrupt(?:ed)?"
        r"|negative|inconsistent|mismatch|issue|problem|doubled|zeros?|gone|died|dead|hangs?|hanging|frozen|unavailable"
        r"|502|503|500|404|nothing (?:in|for|since)|can't be right|exactly the same|minus|not (?:correct|right)"
        r"|complain\w*|rejecting|looks? (?:so |too |very |a bit |really |pretty )?(?:low|high|odd|bad|funny|different)"
        r"|twice|truncated|blank)\b|n't (?:updat|load|refresh|arriv|land|match|add up|show|work|open|see|finish|run"
        r"|sync|been)|\bnot (?:updat|load|refresh|working|show|match|yet|been|there)\w*|\bno (?:data|rows|events"
        r"|records|new)\b|\b0 (?:rows|sales|records|events|orders)\b|\bstopped\b|\bshows? (?:[$€₩]?0|zero|nothing)\b"
        r"|\bexceed(?:ed|s)\b|\bdiffers\b|\bcannot\b|\bcan't\b|\bdenied\b|\b403\b|\bforbidden\b"
    ),
    "data": (
        r"데이터(?:$|[^팀 ]| [^팀엔])|(?:금|할인|거래|결제|판매)액|갱신|업데이트|테이블|적재|배치|대시보드|대쉬보드"
        r"|지표|숫자|수치|집계|정산|마트|쿼리|에러|파이프라인|스키마|컬럼|칼럼|로그|토픽|커넥터|건수|매출|파티션|동기화"
        r"|리포트|보고서|조회|빅쿼리|태스크|원천|카프카|스노우플레이크|웨어하우스|클릭스트림|클러스터|주피터|디비|접속"
        r"|계정|쿼터|스케줄|모델|백업|인덱스|뷰\b|에어플로우|태블로|레드시프트|레드래시|리대시|메타베이스|슈퍼셋|루커"
        r"|오너|데이터셋|스냅샷|이벤트|필드|\b(?:dags?|data|tables?|datasets?|dashboards?|numbers?|pipelines?|jobs?"
        r"|quer(?:y|ies)|columns?|metrics?|rows?|partitions?|reports?|kafka|topics?|connectors?|bigquery|bq|snowflake"
        r"|airflow|dbt|models?|schema|etl|loads?|sync|tasks?|warehouse|mart|marts|charts?|kpis?|figures|totals?|extract"
        r"|databases?|db|quota|cluster|notebooks?|backups?|exports?|csv|feeds?|redash|metabase|databricks|superset"
        r"|events|clickstream|spark|views?|s3|redshift|looker|tableau|snapshots?|lineage|gmv|dau|mau|fields?|sql"
        r"|ingestion|stor(?:e|ed)|streams?|revenue|sales|prod|counts?|records|prices)\b|gmv|dau|\b[a-z]\w*_\w+\b"
        r"|\b[a-z]\w+\.[a-z]\w+"
    ),
    "wonder": (
        r"이유|정상|원래|의도|[인은는건된]가요|\bwhy\b|\bexpected\b|\bintended\b|^(?:is|are|does)\b|\bsupposed to\b"
        r"|\bnormal\b"
    ),
    "form": (
        r"^\W{0,3}(?:요청자|신청자|요청인|신청인|소속|대상|대상 ?테이블|테이블|데이터셋|권한|기간|사유|목적|용도|일자"
        r"|날짜|requester|requested by|team|resource|dataset|table|level|role|until|duration|period|dates?|reason"
        r"|purpose|justification)\W{0,3}[:：]"
    ),
    "form_access": r"^\W{0,3}(?:권한|level|role|access|permission)\W{0,3}[:：]",
    "how": (
        r"방법|배우|배워|어디서|어디에|어떻게|\bdo (?:i|we) (?:need|have)\b|\bhow (?:do|can|should) (?:i|we)\b"
        r"|\bhow to\b|\blearn\b|\bwhere (?:do|can) (?:i|we)\b"
    ),
    "withdrawn": (
        r"\bnvm\b|\bnever ?mind\b|\bscratch that\b|\bfalse alarm\b|\bmy bad\b|\bsorry for the noise\b|취소할게|취소하겠"
        r"|없던 ?걸로|잘못 ?(?:봤|올렸|보냈)|무시해 ?주|\bthinking out loud\b"
    ),
    "reply": r"^(?:네|넵|넹|네네|넵넵|아뇨|아니요|yes|yep|yeah|yup|nope|no|ok|okay)[ ,.!]",
    "done": (
        r"(?:완료|끝났|끝냈|마쳤|됐|되었|했|하였|드렸|놨|뒀|놓았|두었|받았|주셨|바뀌었|올렸|돌렸|풀렸|고쳤|넣었|걸었"
        r"|나왔|들어왔|해결|정상|복구|성공|적용|처리|반영)(?:습니다|습니당|어요|네요|음|슴|했음|했어요|했습니다"
        r"|됐습니다|됐어요|됐네요|되었습니다|됨|된 ?것|함|요|입니다|이네요|으로 ?(?:보|바뀌|들어)|드렸\S*|하였습니다"
        r"|해\S{0,2}(?:드렸|놨|뒀|두었)\S*)|(?:완료|성공)(?:\s*$|[!.~^])|종결|마무리(?:합|했|하겠)|닫겠|찾았(?:습|어)"
        r"|(?:i|we|he|she|they|just|already|have|has|'ve|was|were|been|got|and)\b ?(?:\w+ )?\b(?:granted|reran|re-ran"
        r"|fixed|finished|completed|restarted|reloaded|backfilled|added|merged|deployed|pushed|cleared|resolved|rolled"
        r"|approved|checked|opened|updated|handled|scheduled|rerun|received|sent|created|extended|removed|given"
        r"|refreshed|unlocked)\b|^(?:re-?ran|granted|fixed|restarted|reloaded|backfilled|deployed|created|merged"
        r"|resolved|done|updated|rolled|added|cleared|finished|completed|extended)\b|\bis (?:done|fixed|fine|ok|okay"
        r"|good|back|resolved|complete|completed|running|green|live|up|normal|healthy)\b|\b(?:is|are|looks?"
        r"|all) (?:now )?(?:fine|good|green|flowing|normal|up again|correct|back)\b|\bworks? (?:now|again|fine)\b"
        r"|\bdone\b|\ball set\b|\b(?:there|back|fine|ok|good|working|visible|in) now\b|\bgreen again\b|\bfinished\b"
        r"|\bgot (?:access|it)\b|\balready\b"
    ),
    "doing": (
        r"고 ?있(?:습|어|는|네)|(?:제가|내가) .{0,20}(?:가져갑|가져갈|봅니다|맡|처리(?:합|할|하겠))|진행 ?중|보는 ?중"
        r"|확인 ?중|작업 ?중|도는 ?중|돌아가는 ?중|처리 ?중|\bin progress\b|\bis running\b|\bon it\b"
        r"|\blooking into (?:it|this|that)\b|\bworking on\b|\bi'm (?:checking|looking|rerunning|on)\b|\btaking a look\b"
        r"|\bi(?:\'ll| will)? (?:take|got) (?:this|it|that)\b"
    ),
    "gracious": (
        r"(?:감사|고맙)(?:하|드리)?겠|주시면 감사|\bin advance\b|\bwould be (?:great|appreciated|awesome|nice)\b"
    ),
    "undone": (
        r"(?:안|못) ?\S{0,6}(?:왔|됐|되었|했|된|나와|받았|바뀌었|올렸|풀렸)|지 ?않|미완료|아직|n't\b.{0,30}(?:done"
        r"|fixed|updated|been|loaded|finished|refreshed|completed|yet)|\bnot (?:yet |been )?(?:done|fixed|finished"
        r"|updated|loaded|ok|fine|back|complete|completed|granted|refreshed)\b|\b(?:once|when|if|until|after) (?:it"
        r"|this|that)(?:'s| is)\b|(?:완료|끝나|적재|처리)(?:되면|면|되는 ?대로)"
    ),
    "plan": (
        r"예정|계획|[할볼줄갈릴드]게요|[할볼릴]께요|(?:하|보|드리|돌리|두|놓|가)겠습니다|하려고|하려 ?합|할 ?거(?:예|에"
        r"|야)|진행합니다|시작합니다|들어갑니다|있을 ?예정|\b(?:i|we)(?:'ll| will| am going to|'m going to|'re going to"
        r"| are going to| plan to|'m about to)\b|\bscheduled\b|\bwill be\b|\bplanned\b|\bgoing to\b|\blet me (?:check"
        r"|look|see|rerun|try)"
    ),
    "negated": (
        r"안 ?(?:해|하셔|돌려|주셔|봐|열어)\S{0,4} ?(?:도|되|돼)|지 ?(?:마|말|않아도|않으셔도)|필요 ?(?:없|는 ?없)|괜찮"
        r"|취소(?:할|하겠|해 ?주|합니다|부탁|요청)|됐고|무시|없던 ?걸로|해결됐|해결되었|해결됬|신경 ?(?:쓰지|안)"
        r"|\bno (?:longer )?need\b|\b(?:don't|do not|doesn't|didn't|needn't|not) need\b|\b(?:don't|do not|never"
        r"|not) (?:re-?run|reload|backfill|restart|touch|clear|trigger|grant|run)\b|\bno longer\b|\bnever ?mind\b"
        r"|\bnvm\b|\bcancel\b|\bignore\b|\bno action\b|\bscratch that\b|\bfalse alarm\b|\bnot needed\b|\bunnecessary\b"
    ),
    "offer": (
        r"필요(?:하신|하시|하면|한 ?분)|(?:려|해|어|아|와|워|러) ?드(?:릴까|리면|려도)|(?:제가|내가).{0,40}(?:까요|될까"
        r"|볼까)|해볼까|원하시면|말씀해|말씀 ?주|있으(?:면|시면)|궁금하신|문제 ?있|이슈 ?있|\blet (?:me|us) know\b"
        r"|\bif you(?:'d)? (?:need|want|like|have|see)\b|\b(?:should|shall) (?:i|we) (?:re|run|do|grant|clear|back|kick"
        r"|try|check|take|just)|\bwant me to\b|\bhappy to\b|\bi (?:can|could) (?:re|do|take|help|grant|give|look|check"
        r"|run)|\bif any(?:one|body|thing)\b|\bping me\b|\bfeel free\b|\breach out\b|\blmk\b"
    ),
    "back": (
        r"말씀하(?:시|신)|누가.{0,20}(?:요청|부탁)|말씀이신|어떤 ?(?:날짜|테이블|데이터|권한).{0,20}(?:드리|까요"
        r"|신가요)|(?:하|보|되|으|이|시키)셨(?:나|는|을|어)|(?:적재|실행|돌|처리|부여|백필)\S{0,4}면 ?(?:될까|되나|됩니"
        r"|될지)|캡[처쳐]|스크린샷|이신가요|해보셨|필요하신가|\bdo you (?:mean|want|need|still|have|see|use)\b"
        r"|\bdid you\b|\bhave you (?:tried|checked|looked)\b|\bare you (?:using|seeing|looking|still|sure|able)\b"
        r"|\byou(?:'d)? want\b|\byour (?:access|request|backfill|query|account|role|rerun|ticket)\b|\bwhat exactly\b"
        r"|\b(?:which|what) (?:dates?|days?|tables?|dataset|period|account|role)(?: exactly)?\?|\bscreenshots?\b"
        r"|\bcan you (?:share|send|paste|post|tell|confirm|try)\b|\bcould you (?:share|send|paste|post|tell|confirm"
        r"|try)\b"
    ),
    "policy": (
        r"자제|(?:주|하|오|남기|올리)시면 ?(?:됩니다|돼요|되세요)|다음부터|다음에는|셔야|분들[은께]|여러분|각 ?(?:팀"
        r"|데이터|담당|오너|부서)|양식|폼(?:으로|에|을| )|앞으로|반드시|꼭 |공지|안내|금지|원칙|가이드|규칙|말고|정책상"
        r"|절차|먼저 ?읽|\b(?:use|using|fill|via|through|submit|in|is) (?:\S+ ){0,3}forms?\b|\breminder\b"
        r"|\bgoing forward\b|\bfrom now on\b|\bin (?:the )?future\b|\bbefore asking\b|\bplease (?:note|use|read"
        r"|make sure|remember|be aware|plan|be careful|keep|avoid|refrain|follow|fill|join|ignore|bear|expect)\b"
        r"|\bpolicy\b|\bnext time\b|\bkeep in mind\b|\bwhenever\b|\bdocs? (?:is|are|has)\b"
    ),
    "news": (
        r"아시(?:는지 ?모르|겠지만|다시피)|없어(?:져요|집니다)|수 있으니|참고|양해|공유 ?(?:드|합|해 ?드)|알려 ?드립"
        r"|알립니다|\[(?:공지|공유|완료|안내|알림|배포|점검)|(?:점검|배포) ?(?:예정|안내|있|공지|진행|기간)|기간입니다"
        r"|회고|(?:다고|라고|냐고) ?(?:합니다|하네요|하셨|하시네|해요|들었)|\bfyi\b|\bjust so you know\b"
        r"|\bheads[- ]?up\b|\bannouncement\b|\bmaintenance\b|\bpost-?mortem\b|\bpsa\b|\bnotice\b|\bplease note\b"
        r"|\bbe aware\b|\bdeployed\b|\breleas(?:e|ed|ing)\b|\brca\b|\broot cause\b|\bturned out\b|\bturns out\b"
        r"|\bit was\b|\bi was wrong\b"
    ),
    "past_ask": (
        r"(?:요청|부탁|신청|문의) ?(?:드렸|했|하셨|하신|주신|주셨|주시|드린|한 ?거|한 ?건|하던)|(?:요청|문의|신청) ?건"
        r"|요청 ?(?:주|하)셨|(?:요청|부탁|문의) ?해 ?(?:둔|놨|뒀|놓|두)|달라고 ?(?:하|했|해서|하셔|하던)|해달라는"
        r"|부탁받|\b(?:asked|requested|was asked|asks|asking for|they want|he wants|she wants|wanted)\b"
        r"|\brequests? (?:from|was|were|has|have|is|are|go|should)\b"
    ),
    "thanks": (
        r"감사(?:합|해|드|했|요|\s*$)|고맙|고마|땡큐|ㄱㅅ|수고|덕분|\bthanks?\b|\bthx\b|\bty\b|\bcheers\b"
        r"|\bappreciated\b|\bkudos\b|\bawesome\b|\bperfect\b"
    ),
    "joke": (
        r"ㅋㅋ|ㅎㅎㅎ|\blol\b|\bhaha|\blmao\b|😂|🤣|:joy:|:rofl:|대박|굿굿|굿잡|최고|빨라졌|\bnice (?:work|job)\b"
        r"|\bgreat (?:work|job)\b|\bwho doesn't\b|\bwhat a\b|\bcould be worse\b|무사히|[이예][쁠쁘뻐쁜]|👏|😍|🎉|:tada:"
        r"|\bpretty\b|\bbeautiful\b|길\.\.|농담"
    ),
    "other_business": (
        r"(?:코드|pr|mr) ?리뷰|리뷰 ?(?:부탁|요청|해)|회의|미팅|점심|저녁|커피|투표|설문|스탠드업|휴가|생일|회식|피드백"
        r"|리뷰 ?한|간식|주차|청첩|예약|자리 ?(?:배치|이동)|슬라이드|자료 ?(?:좀|보내|공유)|면접|채용|프린터|오피스"
        r"|맛집|총무|반납|법인카드|경비|\breview (?:my|this|our|these|the|a|it)\b|\breviewers?\b|\bpr\b|\bmrs?\b"
        r"|\bmeeting\b|\blunch\b|\bcoffee\b|\bsurvey\b|\bstand-?up\b|\bvacation\b|\bbirthday\b|\bparty\b|\binvite\b"
        r"|\bslides?\b|\bcalendar\b|\binterview\b|\bdinner\b|\bbeer|\bhiring\b|\bretro\b|\b1:1\b|\bzoom\b|\boffice\b"
        r"|\bpto\b|\bpoll\b|\bdeck\b|\bfeedback\b|\bprinter\b"
    ),
    "machine": (
        r"^\W{0,4}\[?(?:alert|airflow|firing|resolved|error|warning|critical|info|success|failed|ok|jenkins|grafana"
        r"|datadog|dbt)\]?\b[\]:|]|\bbuild #\d|\brun_?id\b.{0,4}[=:]|\b(?:execution_date|task_id|dag_id)\b ?[=:]"
        r"|\btry \d+ (?:of|out)|\btriggered by\b|\bjob \d+ |\bstate[:=]|\bstatus[:=] ?(?:ok|failed|success)"
        r"|\bautomated\b|\bsubscribed\b|\bhas joined\b|\bset the channel"
    ),
}
