"""The words by which servers say that they are busy, out of order or used up, in the languages seen in the wild. Pure.

They are read in short texts only, and each needs its context: "HTTP 429" counts, "429 U.S. 110" does not.
"""

import re
import unicodedata
from typing import Literal, TypeAlias

Mark: TypeAlias = Literal["refused", "throttled", "unavailable"]

SHORT = 2_000  # characters; a longer text is a document that may speak of anything

_NEAR = r"[^.\n]{0,60}"
_IN_CLAUSE = r"[^,.;。，；\n]{0,14}"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.ASCII)


def _status(code: str) -> tuple[str, ...]:
    """Returns the patterns of an HTTP status that is `code`, and not of a number that happens to be the same."""
    return (
        rf"\bhttp(?:s|/\d(?:\.\d)?)?(?:[ _-](?:error|status|code|response))*\W{{0,3}}{code}\b",
        rf"\b(?:status|response|error)[ _-]?code\W{{0,4}}(?:(?:of|was|is) )?{code}\b",
        rf"\bstatus\W{{0,3}}{code}\b",
        rf'"(?:code|status|statuscode|status_code)"\s*:\s*"?{code}\b',
        rf"\b(?:api |server |upstream )?error[ :(\[]{{1,3}}{code}(?=\s*(?:$|[^\w\s]|from\b|for\b|while\b|when\b|on\b))",
        rf"\b(?:failed|error|rejected|limited){_NEAR}[(\[]{code}[)\]]",
        rf"\b(?:returned|responded|responded with|got|received|answered|answered with|failed with) (?:an? )?{code}\b"
        rf"(?=\s*(?:$|[^\w\s]|from\b|for\b|while\b|when\b|on\b|after\b))",
        rf"^\W*{code}\W*$",
    )


_OVER = r"(?:exceed\w*|reached|exhausted|used up|depleted|surpassed|hit|spent|run out|ran out)"
_OVER_ZH = r"(?:超出|超过|超限|超额|达到上限|已达|用完|用尽|耗尽|不足)"
_DAY = r"(?:daily|monthly|per[- ]day|per[- ]month|a day|billing)"
_DAY_ZH = (
    r"(?:每日|每天|今日|今天|当日|当天|单日|每月|本月|当月"
    r"|[日天月](?:访问量|调用量|查询量|请求量|配额|限额|用量|调用次数))"
)
_KEEN = r"(?:uberschritten|ueberschritten|erreicht|erschopft|erschoepft|aufgebraucht)"
_PASSED = r"(?:depasse|atteint|epuise|excedid|superad|agotad|alcanzad)"

_USED_UP = _any_of(
    r"\b\w*(?:daily_query_over_limit|quota_plan_run_out)\b",
    r"\b(?:over_daily_limit|insufficient_quota|ip_query_over_limit|daily_?limit_?exceeded)\b",
    r"\binfocode\W{0,4}(?:10003|10010|10029|1004[45]|4000[03])\b",
    r"\bfailed: ?(?:10003|10010|10029|1004[45]|4000[03])\W*$",
    rf"\b{_DAY}\b{_NEAR}\b{_OVER}\b",
    rf"\b{_OVER}\b[^\n]{{0,120}}\b{_DAY}\b",
    rf"{_DAY_ZH}{_IN_CLAUSE}{_OVER_ZH}",
    rf"{_OVER_ZH}{_IN_CLAUSE}{_DAY_ZH}",
    r"余额不足|欠费",
    rf"\b(?:tages|monats)(?:kontingent|limit|quote){_NEAR}{_KEEN}",
    rf"\b(?:quota|limite) (?:journalie|quotidien|mensuel){_NEAR}{_PASSED}",
    rf"\b(?:cuota|limite) (?:diari|mensual){_NEAR}{_PASSED}",
)

_THROTTLED = _any_of(
    *_status("429"),
    r"\btoo[ _-]?many[ _-]?requests\b",
    r"\b429[ :,-]{1,3}(?:client error|rate|throttl|quota|slow|resource)",
    r"\brate[ -]?limited\b|\brate_?limit_?(?:exceeded|reached|error|hit)\b|^\W*(?:error\W+)?rate[ -]limit\W*$",
    rf"\brate[ _-]?limit(?:s|ing)?\b{_NEAR}\b{_OVER}\b",
    rf"\b(?:{_OVER}|over|due to|because of)\b{_NEAR}\brate[ -]?limit",
    rf"\brate[ _-]?limit(?:s|ing)?\b{_NEAR}\b(?:retry|try again|slow down|wait)\b",
    rf"(?<!disk )(?<!storage )\bquota\b{_NEAR}\b{_OVER}\b",
    rf"\b(?:{_OVER}|over|out of)\b[^.\n]{{0,40}}(?<!disk )(?<!storage )\bquota\b",
    r"\bquota_?exceeded\b",
    rf"\b{_OVER}\b{_NEAR}\b(?:requests|calls|queries) (?:per|a|/) ?(?:second|minute|hour|sec|min)\b",
    r"\b(?:requests?|you|client|api|been|being|was|were|are) (?:\w+ )?throttled\b|^\W*(?:error\W+)?throttled\b",
    r"\bthrottlingexception\b|\bthrottling (?:error|exception)\b|\bplease slow down\b|\bslowdown\b",
    r"\b(?:access_too_frequent|over_query_limit|resource[_ ]exhausted)\b|\b\w*qps_has_exceeded_the_limit\b",
    r"\binfocode\W{0,4}100(?:04|14|19|20|21)\b|\bfailed: ?100(?:04|14|19|20|21)\W*$",
    r"(?:访问|请求|操作|调用|查询)(?:过于|太|过)频繁|限流",
    rf"(?:超出|超过){_IN_CLAUSE}(?:限制|配额|限额|上限)",
    rf"(?:配额|限额|频率|次数|并发|流量|访问量|请求量|qps){_IN_CLAUSE}{_OVER_ZH}",
    r"\bzu viele (?:anfragen|zugriffe|requests|aufrufe)\b",
    rf"\b(?:anfrage|raten|rate|abfrage|zugriffs)\w*limit\w*{_NEAR}{_KEEN}|\bkontingent\w*{_NEAR}{_KEEN}",
    r"\btrop de (?:requetes|demandes|appels)\b",
    rf"\blimite (?:de|du nombre de) (?:debit|requetes|taux){_NEAR}{_PASSED}|\bquota{_NEAR}{_PASSED}",
    r"\bdemasiad[ao]s (?:solicitudes|peticiones|consultas|llamadas)\b",
    rf"\blimite de (?:solicitudes|peticiones|velocidad|tasa|frecuencia){_NEAR}{_PASSED}|\bcuota\b{_NEAR}{_PASSED}",
)

_SOON = r"(?:currently |temporarily |momentarily )*"
_UNAVAILABLE = _any_of(
    *_status(r"5\d\d"),
    r"\binternal server error\b|\bbad gateway\b|\bgateway time-?out\b|\bservice unavailable\b",
    rf"\b(?:service|server|api|backend|model)\b(?: \w+)? (?:is|are|was) {_SOON}(?:unavailable|not available|down)\b",
    r"\btemporarily (?:unavailable|down|out of service|overloaded)\b",
    rf"\bserver(?: is)? {_SOON}(?:too )?(?:busy|overloaded)\b|\boverloaded(?:_error)?\b",
    r"\b(?:econnrefused|econnreset|econnaborted|enotfound|eai_again|etimedout|ehostunreach|enetunreach|epipe)\b",
    r"\bund_err_\w+|\bfetch failed\b|\bfailed to fetch\W*$|\bsocket hang up\b|\bgetaddrinfo\b",
    r"\bname or service not known\b|\bname resolution\b|\bnodename nor servname\b|\bno route to host\b",
    r"\bconnection (?:was |is |has been )?(?:refused|reset|aborted|closed|lost|dropped)\b|\bconnection error\b",
    r"\b(?:network|host) (?:is )?unreachable\b|\bremote end closed\b|\bserver disconnected\b|\bnetwork error\b",
    r"\bmax retries exceeded\b|\ball connection attempts failed\b|\bcannot connect to host\b",
    r"\btimed[ -]?out\b|\btimeout of \d+ ?m?s exceeded\b|\b(?:connect|read|pool|write)timeout(?:error)?\b",
    r"\b(?:request|connection|connect|read|gateway|network|upstream|socket) timeout"
    r"(?=\s*(?:$|[^\w\s]|after\b|while\b))",
    r"\btimeouterror\b|\bdeadline[ _]exceeded\b|\bunexpected token '?<|<!doctype html|<html[\s>]",
    r"\b(?:server_is_busy|gateway_timeout|engine_response_data_error|service_unavailable|internal_server_error)\b",
    r'\bunknown_error\b|\binfocode\W{0,4}1001[56]\b|"status"\s*:\s*"(?:unavailable|internal)"',
    r"(?:服务|系统|服务器|接口)(?:暂时|暂|当前|目前)?(?:不可用|繁忙|忙|异常|维护|无响应|超时)",
    r"(?:连接|请求|网络|响应|读取|访问)超时|连接(?:被)?(?:拒绝|重置|失败)|网络(?:错误|异常|不可用)|稍后(?:再试|重试)",
    r"\bvorue?bergehend (?:nicht|ausser)\b|\bzeitue?berschreitung\b",
    r"\b(?:dienst|server|service) (?:ist )?(?:derzeit |momentan |zurzeit )?"
    r"(?:nicht (?:verfue?gbar|erreichbar)|ue?berlastet)",
    r"\btemporairement (?:indisponible|inaccessible)|\bservice (?:momentanement |actuellement )?indisponible",
    r"\bdelai (?:d.attente )?depasse|\btemporalmente (?:no disponible|fuera de servicio|inaccesible)",
    r"\bno disponible temporalmente|\bservicio (?:no disponible|fuera de servicio)",
    r"\btiempo de espera (?:agotado|excedido)",
)

# What a tool says of its arguments or of its data is its own no, whatever else stands in it.
_OWN_NO = _any_of(
    r"\bvalidation errors?\b|\binvalid (?:arguments?|params?|parameters?|input|value)\b|-32602\b|\binvalid_param",
    r"^\W*(?:error\W+)?(?:no|found no|could not find|cannot find|there (?:is|are) no) (?:\w+ ){0,3}?"
    r"(?:results?|documents?|places?|records?|matches|cases?|articles?|sections?|pages?|entries|entry|statutes?|towns?)\b",
    r"(?:长度|大小|字符|半径|距离|范围|页码|数量|个数|格式)" + _IN_CLAUSE + "(?:超出|超过|超限)",
    r"(?:超出|超过)" + _IN_CLAUSE + "(?:长度|大小|字符|半径|距离|范围|页码|数量|个数)",
)

_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,200}?-->\s*)?<(?:!doctype html|html[\s>])", re.I | re.S)


def read_mark(text: str) -> Mark | None:
    """Returns what a short text says of its source: that it is used up ("refused"), throttled or unavailable.

    Used up is a quota of a day or more: the same call comes to nothing until it is renewed. None: it says nothing.
    """
    if len(text) >= SHORT:
        return None
    plain = _plain(text)
    if _OWN_NO.search(plain):
        return None
    marks: tuple[tuple[Mark, re.Pattern[str]], ...] = (
        ("refused", _USED_UP),
        ("throttled", _THROTTLED),
        ("unavailable", _UNAVAILABLE),
    )
    return next((mark for mark, pattern in marks if pattern.search(plain)), None)


def is_page(text: str) -> bool:
    """Returns whether `text` is an HTML page."""
    return _PAGE.match(text[:SHORT]) is not None


def _plain(text: str) -> str:
    """Returns `text` in lower case, without accents and wide forms, so that each word has one spelling."""
    apart = unicodedata.normalize("NFKD", text)
    return (
        "".join(char for char in apart if not unicodedata.combining(char)).lower().replace("’", "'").replace("ß", "ss")
    )
