"""What went wrong is read from a result in kind, and a document that speaks of errors is not taken for one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import ServerError, ToolError
from metier.gateway.attempts.faults import Fault, fault_of_error, fault_of_result, retry_after_of
from metier.gateway.attempts.marks import read_mark
from metier.servers.tool import Failure, ToolResult

THROTTLED = [
    "HTTP 429",
    "HTTP Error 429: Too Many Requests",
    "Request failed with status code 429",
    "429 Client Error: Too Many Requests for url: https://api.example.org/search",
    "Error: 429",
    "API error (429): slow down",
    "429",
    "The upstream returned 429.",
    "HTTP/1.1 429 Too Many Requests",
    "请求失败：HTTP 429错误",
    '{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}',
    '{"statusCode": 429, "message": "Slow down"}',
    "Too many requests, please try again later.",
    "too_many_requests",
    "Rate limit exceeded. Try again in 20s.",
    "Error: rate limit",
    "You have exceeded the rate limit of this API.",
    "rate_limit_exceeded",
    "You are being rate limited.",
    "This request was rate-limited by the server",
    "Rate limit reached for requests",
    "API rate limit exceeded for 127.0.0.1",
    "Request was throttled. Expected available in 58 seconds.",
    "ThrottlingException: Rate exceeded",
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'",
    "Quota exceeded",
    "OVER_QUERY_LIMIT",
    "Geocoding failed: OVER_QUERY_LIMIT",
    "RESOURCE_EXHAUSTED: try later",
    "8 RESOURCE_EXHAUSTED: Resource exhausted",
    "Text Search failed: CUQPS_HAS_EXCEEDED_THE_LIMIT",
    "QPS_HAS_EXCEEDED_THE_LIMIT",
    "CKQPS_HAS_EXCEEDED_THE_LIMIT",
    "Get weather failed: ACCESS_TOO_FREQUENT",
    '{"status":"0","info":"CUQPS_HAS_EXCEEDED_THE_LIMIT","infocode":"10021"}',
    "infocode: 10004",
    "RGeocoding failed: 10019",
    "infocode=10020",
    "infocode 10014",
    "访问过于频繁，请稍后再试",
    "请求频率超过限制",
    "您的请求已超出并发限制",
    "接口调用超出配额",
    "配额已用尽",
    "当前并发量已经超过约定并发配额，限制访问",
    "触发限流",
    "Zu viele Anfragen. Bitte versuchen Sie es später erneut.",
    "Anfragelimit überschritten",
    "Das Kontingent ist erschöpft.",
    "Trop de requêtes, réessayez plus tard.",
    "Trop de reque\u0302tes",
    "Limite de débit dépassée",
    "Demasiadas solicitudes",
    "Demasiadas peticiones, inténtelo de nuevo en 5 segundos",
    "Límite de solicitudes superado",
    "ＨＴＴＰ ４２９",
]
REFUSED = [
    "USER_DAILY_QUERY_OVER_LIMIT",
    "Geocoding failed: DAILY_QUERY_OVER_LIMIT",
    "ABROAD_DAILY_QUERY_OVER_LIMIT",
    '{"status":"0","info":"USER_DAILY_QUERY_OVER_LIMIT","infocode":"10044"}',
    "infocode 10003",
    "Direction failed: 10003",
    "infocode: 10045",
    "infocode: 10029",
    "OVER_DAILY_LIMIT",
    "Daily limit exceeded",
    "You have reached your daily quota of 125 requests.",
    "Quota exceeded for quota metric 'Requests' and limit 'Requests per day'",
    "You exceeded your current quota, please check your plan and billing details.",
    "insufficient_quota",
    "dailyLimitExceeded",
    "Monthly quota exhausted",
    "账号维度日调用量超出限制",
    "访问已超出日访问量",
    "天配额超限，限制访问",
    "今日调用次数已用完",
    "账户余额不足",
    "Tageskontingent überschritten",
    "Das Tageslimit ist erreicht.",
    "Quota journalier dépassé",
    "Cuota diaria agotada",
]
UNAVAILABLE = [
    "HTTP 500",
    "HTTP 503 from https://example.org",
    "Request failed with status code 502",
    "500 Internal Server Error",
    "502 Bad Gateway",
    "Service Unavailable",
    "504 Gateway Time-out",
    "Error: 503",
    "The server returned 500.",
    '{"error":{"code":503,"message":"The model is overloaded","status":"UNAVAILABLE"}}',
    "The service is currently unavailable.",
    "temporarily unavailable",
    "Server is too busy",
    "overloaded_error",
    "Error: connect ECONNREFUSED 127.0.0.1:443",
    "getaddrinfo ENOTFOUND restapi.amap.com",
    "request to https://restapi.amap.com/v3/geocode failed, reason: getaddrinfo EAI_AGAIN",
    "read ECONNRESET",
    "TypeError: fetch failed",
    "Failed to fetch",
    "socket hang up",
    "[Errno -2] Name or service not known",
    "Temporary failure in name resolution",
    "Connection refused",
    "Connection reset by peer",
    "All connection attempts failed",
    "Cannot connect to host api.example.org:443",
    "Remote end closed connection without response",
    "HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /",
    "The read operation timed out",
    "timeout of 5000ms exceeded",
    "ReadTimeout",
    "Request timeout after 30 s",
    "DEADLINE_EXCEEDED",
    "context deadline exceeded",
    "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    "Unexpected token < in JSON at position 0",
    "Error: <html><head><title>Oops</title></head></html>",
    "SERVER_IS_BUSY",
    "infocode: 10016",
    "UNKNOWN_ERROR",
    "服务暂不可用",
    "系统繁忙，请稍后再试",
    "请求超时",
    "连接被拒绝",
    "Der Dienst ist derzeit nicht verfügbar.",
    "Vorübergehend nicht erreichbar",
    "Zeitüberschreitung der Anfrage",
    "Service temporairement indisponible",
    "Délai d’attente dépassé",
    "Servicio no disponible temporalmente",
    "Tiempo de espera agotado",
]
FAILED = [
    "",
    "No place called 'Arvel' was found.",
    "Case 429 U.S. 110 is not in the reporter.",
    "429 U.S. 110 was not found.",
    "Section 429 of the act was repealed.",
    "Penal Code § 429 has no subsection (b).",
    "Error: 429 U.S. 110 is not a citation of this court.",
    "There are 429 requests for this flat; name one.",
    "The record with id 429 does not exist.",
    "Got 429 results; narrow the search.",
    "Room 503 is taken.",
    "500 F.3d 100 is not known.",
    "502 places match; ask for fewer.",
    "The hotel costs 500 euros a night, which is over the budget.",
    "HTTP 404",
    "HTTP 400 Bad Request",
    "404 Not Found",
    "Request failed with status code 403",
    "Invalid API key",
    "INVALID_USER_KEY",
    "INVALID_PARAMS",
    "SERVICE_NOT_AVAILABLE",
    "INSUFFICIENT_PRIVILEGES",
    "infocode: 10001",
    "postcode 10003 is in New York",
    "Poste 10021 is unknown here.",
    "timeout must be between 1 and 60",
    "Connection timeout must be positive.",
    "1 validation error for search: rate_limit must be an integer; rate limit exceeded is no value",
    "Invalid params: timed out is not a status",
    "Invalid arguments for tool route",
    "No documents match 'rate limit exceeded'.",
    "No results for 'HTTP 429'.",
    "The rate limit of the order is 5 %.",
    "The speed limit on this road is 100.",
    "rate_limit is read-only",
    "EDQUOT: disk quota exceeded",
    "storage quota exceeded",
    "ENOENT: no such file or directory",
    "Access denied - path outside allowed directories",
    "division by zero",
    "关键词长度超过限制",
    "搜索半径超出限制范围",
    "文件大小超过上限",
    "参数错误",
    "没有找到相关地点",
    "Der Ort ist nicht bekannt.",
    "Ce lieu est inconnu.",
    "Lugar desconocido.",
    "The quota system of the Act of 1924 was repealed in 1965.",
    "The museum is closed on Mondays.",
    "Unknown tool: search",
    "Too many places: at most 25 fit into a matrix.",
]
PROSE = "The server answered HTTP 429, too many requests, and said Retry-After: 30; then 503 Service Unavailable. " * 30


def failed(text: str, failure: Failure | None = None) -> ToolResult:
    return ToolResult(text, None, (), True, failure=failure)


def gave(text: str) -> ToolResult:
    return ToolResult(text, None, (), False)


def kind_of(text: str) -> str:
    fault = fault_of_result(failed(text))
    assert fault is not None
    return fault.kind


def misread(texts: list[str], kind: str) -> dict[str, str]:
    return {text: found for text in texts if (found := kind_of(text)) != kind}


def test_a_source_that_was_asked_too_often_is_throttled() -> None:
    assert misread(THROTTLED, "throttled") == {}


def test_a_quota_that_is_used_up_is_refused_since_no_pause_mends_it() -> None:
    assert misread(REFUSED, "refused") == {}


def test_a_source_out_of_order_is_unavailable() -> None:
    assert misread(UNAVAILABLE, "unavailable") == {}


def test_a_tools_own_no_is_told_to_the_model() -> None:
    assert misread(FAILED, "failed") == {}


def test_the_same_words_in_a_long_document_or_in_an_answer_are_no_fault() -> None:
    assert min(map(len, (THROTTLED, UNAVAILABLE, FAILED))) >= 40
    for text in (*THROTTLED, *REFUSED, *UNAVAILABLE):
        assert fault_of_result(gave(text)) is None
        assert read_mark(f"A report. {text}\n" + "It goes on and on.\n" * 120) is None


def test_prose_about_errors_is_no_fault() -> None:
    assert kind_of(PROSE) == "failed"
    assert fault_of_result(gave(PROSE), json_promised=True) is None


@pytest.mark.parametrize(
    ("failure", "fault"),
    [
        (Failure("throttled", 7.0), Fault("throttled", "HTTP 503", 7.0)),
        (Failure("throttled", 1e9), Fault("throttled", "HTTP 503", 86_400.0)),
        (Failure("unavailable"), Fault("unavailable", "HTTP 503")),
        (Failure("refused"), Fault("failed", "HTTP 503")),
        (Failure("something else"), Fault("failed", "HTTP 503")),
    ],
)
def test_what_a_result_says_of_its_failure_rules_over_its_text(failure: Failure, fault: Fault) -> None:
    assert fault_of_result(failed("HTTP\n503", failure)) == fault


def test_errors_are_read_in_kind() -> None:
    assert fault_of_error(ToolError("HTTP 503")) == Fault("failed", "HTTP 503")
    assert fault_of_error(ServerError("dead")) == Fault("unavailable", "dead")
    assert fault_of_error(ServerError("dead", sent=False, retry_after_s=2.0)) == Fault("unsent", "dead", 2.0)
    assert fault_of_error(ServerError("busy", retry_after_s=2.0)) == Fault("throttled", "busy", 2.0)
    assert fault_of_error(ServerError("failed: HTTP 429, retry after 3 s")).kind == "throttled"
    assert fault_of_error(ServerError("failed: HTTP 429, retry after 3 s")).retry_after_s == 3.0
    assert fault_of_error(ServerError("failed: USER_DAILY_QUERY_OVER_LIMIT")).kind == "refused"
    assert fault_of_error(ServerError("The server 'x' did not answer 'y' within 5 s.")).kind == "timeout"


HTML = "<!doctype html>\n<html><head><title> 429 Too Many Requests </title></head>" + "<p>words</p>" * 1_000


def test_an_html_page_is_no_answer_of_a_tool_that_gives_json() -> None:
    page = "\n<HTML><body>Wartung</body></HTML>"
    for result in (failed(page), gave(page)):
        fault = fault_of_result(result, json_promised=True)
        assert fault is not None
        assert (fault.kind, fault.reason) == ("unavailable", "an HTML page instead of an answer")
    assert fault_of_result(gave(page)) is None
    assert fault_of_result(gave(HTML), json_promised=True) == Fault(
        "throttled", "an HTML page instead of an answer: 429 Too Many Requests"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"status":"0","info":"USER_DAILY_QUERY_OVER_LIMIT","infocode":"10044"}', "refused"),
        ('{"status":"0","info":"CUQPS_HAS_EXCEEDED_THE_LIMIT","infocode":"10021","results":[]}', "throttled"),
        ('{"status":"0","info":"INVALID_USER_KEY","infocode":"10001"}', "failed"),
        ('{"status":"0","info":"SERVER_IS_BUSY","infocode":"10016"}', "unavailable"),
        ('{"status":"OVER_QUERY_LIMIT","results":[],"error_message":"wait"}', "throttled"),
        ('{"status":"REQUEST_DENIED","results":[]}', "failed"),
        ('{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED"}}', "throttled"),
        ('{"error":{"code":404,"message":"x","status":"NOT_FOUND"}}', "failed"),
        ('{"status":302,"message":"天配额超限，限制访问"}', "refused"),
        ('{"error":"Too many requests"}', "throttled"),
        ('{"detail":"Request was throttled. Expected available in 58 seconds."}', "throttled"),
        ('{"message":"Service Unavailable","statusCode":503}', "unavailable"),
        ('{"status":"1","info":"OK","infocode":"10000","pois":[{"name":"HTTP 429"}]}', ""),
        ('{"status":"OK","results":[{"name":"Too many requests"}]}', ""),
        ('{"status":"ZERO_RESULTS","results":[]}', ""),
        ('{"status":200,"message":"done"}', ""),
        ('{"status":0,"message":"ok","result":{}}', ""),
        ('{"message":"saved"}', ""),
        ('{"error":null,"places":[]}', ""),
        ('{"status":"ok","message":"done"}', ""),
        ('["HTTP 429"]', ""),
        ("{}", ""),
        ("{" * 1_999, ""),
        ("{not json: HTTP 429}", ""),
        ("HTTP 429", ""),
        ("", ""),
    ],
)
def test_error_bodies_of_known_services_in_a_success_are_faults_of_a_tool_that_gives_json(text: str, kind: str) -> None:
    fault = fault_of_result(gave(text), json_promised=True)
    assert (fault.kind if fault else "") == kind
    assert fault_of_result(gave(text)) is None


@pytest.mark.parametrize(
    ("text", "pause_s"),
    [
        ("Retry-After: 30", 30.0),
        ("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Type: text/html", 120.0),
        ("retry after 5 seconds", 5.0),
        ("Please retry after 1.5s", 1.5),
        ("try again in 2m", 120.0),
        ("Please try again in 6m0s.", 360.0),
        ("Please try again in 1h2m3.5s", 3723.5),
        ("Please try again in 20ms", 0.02),
        ("Expected available in 58 seconds.", 58.0),
        ('"retryDelay": "34s"', 34.0),
        ('{"message": "You are being rate limited.", "retry_after": 1.25}', 1.25),
        ("retry-after-ms: 500", 0.5),
        ("Retry-After: 999999", 86_400.0),
        ("try again in 900 hours", 86_400.0),
        ("wait 10 minutes", 600.0),
        ("请在 5 秒后重试", 5.0),
        ("请2分钟后再试", 120.0),
        ("Versuchen Sie es in 30 Sekunden erneut", 30.0),
        ("Réessayez dans 5 secondes", 5.0),
        ("Inténtelo de nuevo en 5 minutos", 300.0),
        ("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("retry after 5 attempts", None),
        ("try again later", None),
        ("The walk takes 20 minutes", None),
        ("HTTP 429", None),
        ("", None),
    ],
)
def test_the_pause_that_a_text_asks_for_is_read_and_bounded(text: str, pause_s: float | None) -> None:
    assert retry_after_of(text) == (None if pause_s is None else pytest.approx(pause_s))


def test_a_failed_result_brings_the_pause_it_asks_for() -> None:
    assert fault_of_result(failed("Rate limit exceeded. Try again in 20s.")) == Fault(
        "throttled", "Rate limit exceeded. Try again in 20s.", 20.0
    )


@settings(deadline=None)
@given(st.text(max_size=300) | st.text("0123456789retryafin :=-.\"'smh{}<>", max_size=300))
def test_any_text_is_read_without_trouble_into_one_line_and_a_bounded_pause(text: str) -> None:
    for result in (failed(text), gave(text)):
        fault = fault_of_result(result, json_promised=True)
        if fault is not None:
            assert len(fault.reason) <= 160
            assert "\n" not in fault.reason
            assert 0.0 <= (fault.retry_after_s or 0.0) <= 86_400.0
