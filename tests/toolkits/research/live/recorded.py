"""Answers in the shapes that the sources document. Fields are theirs; works, pages and people are invented.

They were written from documentation, not recorded: no source was asked.
"""

from typing import Any

UNSAFE = "javascript:alert(1)"

SERPER: dict[str, Any] = {
    "searchParameters": {"q": "salt roads", "gl": "us", "hl": "en", "type": "search"},
    "organic": [
        {
            "title": "The Salt Roads of <b>Norvind</b>",
            "link": "https://history.example/salt?utm_source=x",
            "snippet": "Caravans &amp; mules carried salt over the pass.",
            "date": "May 17, 2024",
            "position": 1,
        },
        {"title": "A page without an address", "snippet": "…", "position": 2},
        {"title": "Script", "link": UNSAFE, "position": 3},
        {"title": "The same page", "link": "http://www.history.example/salt/", "position": 4},
        {"title": "Toll books", "link": "https://archive.example/tolls", "date": "3 days ago", "position": 5},
    ],
    "credits": 1,
}
BRAVE: dict[str, Any] = {
    "type": "search",
    "query": {"original": "salt roads"},
    "web": {
        "type": "search",
        "results": [
            {
                "title": "Salt &#39;roads&#39;",
                "url": "https://history.example/salt",
                "description": "How <strong>salt</strong> moved.",
                "page_age": "2024-05-17T08:00:00",
                "age": "May 17, 2024",
                "extra_snippets": ["Mules carried it."],
            },
            {"title": "Tolls", "url": "https://archive.example/tolls", "description": "Books", "age": "2 weeks ago"},
        ],
    },
}
TAVILY: dict[str, Any] = {
    "query": "salt roads",
    "answer": None,
    "results": [
        {
            "title": "Salt roads",
            "url": "https://history.example/salt",
            "content": "How salt moved.",
            "score": 0.91,
            "raw_content": None,
            "published_date": "Fri, 17 May 2024 08:00:00 GMT",
        }
    ],
    "response_time": 0.9,
}
EXA: dict[str, Any] = {
    "requestId": "0f1e",
    "resolvedSearchType": "neural",
    "results": [
        {
            "id": "https://history.example/salt",
            "title": "Salt roads",
            "url": "https://history.example/salt",
            "publishedDate": "2024-05-17T00:00:00.000Z",
            "author": "I. Sand",
            "score": 0.4,
            "highlights": ["Mules carried it.", "The pass was closed in winter."],
        },
        {"id": "b", "title": None, "url": "https://archive.example/tolls", "text": "Toll books of the pass."},
    ],
}
SEARXNG: dict[str, Any] = {
    "query": "salt roads",
    "number_of_results": 0,
    "results": [
        {
            "url": "https://history.example/salt",
            "title": "Salt roads",
            "content": "How salt moved.",
            "engine": "an engine",
            "publishedDate": "2024-05-17T00:00:00",
            "score": 2.0,
        },
        {"url": "https://archive.example/tolls", "title": "Tolls", "content": "Books", "publishedDate": None},
    ],
    "unresponsive_engines": [["another", "timeout"]],
}
DUCKDUCKGO = """<!DOCTYPE html><html><body><form action="/lite/" method="post"></form><table>
<tr class="result-sponsored"><td>1.</td><td><a rel="nofollow" href="https://duckduckgo.com/y.js?ad_domain=shop.example"
 class='result-link'>Buy salt</a></td></tr>
<tr><td>2.</td><td><a rel="nofollow"
 href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fhistory.example%2Fsalt%3Fa%3D1%26b%3D2&amp;rut=9f"
 class='result-link'>The <b>Salt</b> Roads</a></td></tr>
<tr><td></td><td class='result-snippet'>How <b>salt</b>
 moved.</td></tr>
<tr><td></td><td><span class='link-text'>history.example/salt</span></td></tr>
<tr><td>3.</td><td><a rel="nofollow" href="https://archive.example/tolls" class='result-link'>Tolls</a></td></tr>
</table></body></html>"""
DUCKDUCKGO_OLDER = """<div class="result results_links"><h2 class="result__title"><a class="result__a"
 href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fhistory.example%2Fsalt">Salt</a></h2>
<a class="result__snippet" href="#">How it moved.</a></div>"""
DUCKDUCKGO_NOTHING = (
    "<html><body><table><tr><td><span class='no-results'>No results.</span></td></tr></table></body></html>"
)
DUCKDUCKGO_WALL = """<html><body><form id="challenge-form"><div class="anomaly-modal__title">Unfortunately, bots use
 DuckDuckGo too.</div></form></body></html>"""

OPENALEX: dict[str, Any] = {
    "meta": {"count": 2, "page": 1, "per_page": 10},
    "results": [
        {
            "id": "https://openalex.org/W1",
            "doi": "https://doi.org/10.5555/SALT.17",
            "display_name": "On <i>Salt</i> Roads",
            "publication_year": 2017,
            "authorships": [
                {"author": {"id": "https://openalex.org/A1", "display_name": "Ina Sand"}},
                {"author": {"display_name": "Bo Pass"}},
            ],
            "primary_location": {
                "landing_page_url": "https://journal.example/17",
                "version": "publishedVersion",
                "source": {"display_name": "Journal of Roads"},
            },
            "best_oa_location": {"pdf_url": "https://journal.example/17.pdf"},
            "open_access": {"is_oa": True, "oa_url": "https://journal.example/17"},
            "cited_by_count": 12,
            "abstract_inverted_index": {"Salt": [0], "moved": [1, 4], "by": [2], "road": [3]},
            "is_retracted": False,
        },
        {
            "id": "https://openalex.org/W2",
            "doi": None,
            "display_name": "A Withdrawn Study",
            "publication_year": 2019,
            "authorships": [],
            "primary_location": None,
            "best_oa_location": None,
            "cited_by_count": 0,
            "abstract_inverted_index": None,
            "is_retracted": True,
        },
    ],
}
CROSSREF: dict[str, Any] = {
    "status": "ok",
    "message-type": "work-list",
    "message": {
        "total-results": 1,
        "items": [
            {
                "DOI": "10.5555/salt.17",
                "URL": "https://doi.org/10.5555/salt.17",
                "title": ["On Salt Roads"],
                "author": [{"given": "Ina", "family": "Sand"}, {"name": "The Road Group"}],
                "issued": {"date-parts": [[2017, 3]]},
                "container-title": ["Journal of Roads"],
                "abstract": "<jats:title>Abstract</jats:title><jats:p>Salt moved by H<jats:sub>2</jats:sub>O.</jats:p>",
                "is-referenced-by-count": 12,
                "updated-by": [{"type": "retraction", "DOI": "10.5555/salt.18"}],
            },
            {"DOI": "10.5555/untitled", "title": [], "issued": {"date-parts": [[None]]}},
        ],
    },
}
SEMANTIC_SCHOLAR: dict[str, Any] = {
    "total": 1,
    "offset": 0,
    "data": [
        {
            "paperId": "ab12",
            "externalIds": {"DOI": "10.5555/SALT.17", "ArXiv": "1701.00017"},
            "url": "https://www.semanticscholar.org/paper/ab12",
            "title": "On Salt Roads",
            "year": 2017,
            "venue": "Journal of Roads",
            "citationCount": 12,
            "abstract": None,
            "authors": [{"authorId": "1", "name": "Ina Sand"}],
            "openAccessPdf": {"url": "https://journal.example/17.pdf", "status": "GREEN"},
        }
    ],
}
SERPER_SCHOLAR: dict[str, Any] = {
    "organic": [
        {
            "title": "On salt roads",
            "link": "https://journal.example/17",
            "publicationInfo": "I Sand, B Pass… - Journal of Roads, 2017 - journal.example",
            "snippet": "… salt moved by road …",
            "year": 2017,
            "citedBy": 12,
            "pdfUrl": "https://journal.example/17.pdf",
            "id": "x1",
        }
    ]
}
ARXIV = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <title type="html">ArXiv Query</title><opensearch:totalResults>2</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/1701.00017v3</id>
    <updated>2018-02-01T00:00:00Z</updated><published>2017-01-05T10:00:00Z</published>
    <title>On Salt
      Roads</title>
    <summary>  Salt moved by road. </summary>
    <author><name>Ina Sand</name></author><author><name>Bo Pass</name></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/salt.17</arxiv:doi>
    <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">Journal of Roads 4 (2017)</arxiv:journal_ref>
    <link href="https://arxiv.org/abs/1701.00017v3" rel="alternate" type="text/html"/>
    <link title="pdf" href="https://arxiv.org/pdf/1701.00017v3" rel="related" type="application/pdf"/>
  </entry>
  <entry>
    <id>http://arxiv.org/abs/math.GT/0309136v1</id><published>2003-09-08T00:00:00Z</published>
    <title>An Older Number</title><summary>Knots.</summary><author><name>C. Knot</name></author>
  </entry>
</feed>"""
ARXIV_ERROR = """<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/api/errors#incorrect_id_format_for_1234</id><title>Error</title>
<summary>incorrect id format</summary></entry></feed>"""
ARXIV_BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1701.00017v1</id>
<title>Salt &a;</title></entry></feed>"""

ANSWERS: dict[str, Any] = {
    "serper": SERPER,
    "brave": BRAVE,
    "tavily": TAVILY,
    "exa": EXA,
    "searxng": SEARXNG,
    "duckduckgo": DUCKDUCKGO,
    "openalex": OPENALEX,
    "crossref": CROSSREF,
    "arxiv": ARXIV,
    "semantic_scholar": SEMANTIC_SCHOLAR,
    "serper_scholar": SERPER_SCHOLAR,
}
NOTHING: dict[str, Any] = {
    "serper": {"organic": []},
    "brave": {"type": "search", "query": {"original": "x"}},
    "tavily": {"results": []},
    "exa": {"results": []},
    "searxng": {"results": []},
    "duckduckgo": DUCKDUCKGO_NOTHING,
    "openalex": {"meta": {"count": 0}, "results": []},
    "crossref": {"status": "ok", "message": {"items": []}},
    "arxiv": '<feed xmlns="http://www.w3.org/2005/Atom"><title>none</title></feed>',
    "semantic_scholar": {"total": 0, "offset": 0},
    "serper_scholar": {"organic": []},
}
ERRORS: dict[str, Any] = {
    "serper": {"message": "Something went wrong", "statusCode": 500},
    "brave": {"type": "ErrorResponse", "error": {"code": "INTERNAL", "detail": "Something went wrong"}},
    "tavily": {"detail": {"error": "Something went wrong"}},
    "exa": {"requestId": "0f", "error": "Something went wrong"},
    "searxng": {"error": "Something went wrong"},
    "duckduckgo": "<html><body><h1>Something went wrong</h1></body></html>",
    "openalex": {"error": "Something went wrong", "message": "details"},
    "crossref": {"status": "failed", "message": [{"type": "timeout", "message": "Something went wrong"}]},
    "arxiv": ARXIV_ERROR,
    "semantic_scholar": {"error": "Something went wrong"},
    "serper_scholar": {"message": "Something went wrong", "statusCode": 500},
}
