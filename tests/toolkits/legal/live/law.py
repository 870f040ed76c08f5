"""Synthetic law in the shapes of the live sources: one federal section, one act, one regulation, one decision."""

import re
from datetime import date

from tests.toolkits.legal.live.replay import Asked, Route, Said, say_json, say_xml

OLD_SECTION = "(a) Every keeper shall log the temperature of the cellar once a month."
NEW_SECTION = "(a) Every keeper shall log the temperature of the cellar twice a month. (b) The log is kept for 3 years."
FIRST, CHANGED, GONE = "2016-12-19", "2021-07-01", "2024-02-01"
CURRENT = "2026-11-24"


def ecfr_routes() -> dict[str, Route]:
    def versions(asked: Asked) -> Said | None:
        listed = {
            "9910.12": [(FIRST, False), (CHANGED, False)],
            "9910.13": [("2018-05-01", False), (GONE, True)],
        }.get(asked.query.get("section", ""), [])
        number = asked.query.get("section", "")
        rows = [
            {
                "date": day,
                "amendment_date": day,
                "identifier": number,
                "type": "section",
                "removed": gone,
                "title": "29",
            }
            for day, gone in listed
        ]
        return say_json({"content_versions": rows, "meta": {"title": "29", "result_count": str(len(rows))}})

    def full(asked: Asked) -> Said | None:
        day, number = asked.path.split("/")[-2], asked.query["section"]
        text = NEW_SECTION if number == "9910.12" and day >= CHANGED else OLD_SECTION
        paragraphs = "".join(f"<P>{part.strip()}</P>" for part in re.split(r"(?=\(b\))", text))
        return say_xml(
            f'<?xml version="1.0"?><DIV8 N="{number}" TYPE="SECTION" hierarchy_metadata="{{&quot;path&quot;:'
            f'&quot;/on/{day}/title-29/section-{number}&quot;}}"><HEAD>&#xA7; {number} Cellars.</HEAD>'
            f"{paragraphs}</DIV8>"
        )

    titles = [{"number": 29, "name": "Labor", "up_to_date_as_of": CURRENT}]
    return {
        "/ecfr/titles.json": lambda _: say_json({"titles": titles}),
        "/ecfr/versions/title-29.json": versions,
        "/ecfr/full/": full,
    }


ACT = "Bears Act 2098"
RULE = "A bear must not be kept in a flat. The keeper of a bear must hold a licence."
EFFECT = (
    '<ukm:UnappliedEffect RequiresApplied="true" AffectedURI="x"><ukm:AffectedProvisions>'
    '<ukm:Section Ref="section-{number}">s. {number}</ukm:Section></ukm:AffectedProvisions>'
    '<ukm:InForceDates><ukm:InForce Date="{day}" Applied="false"/></ukm:InForceDates></ukm:UnappliedEffect>'
)


def act_of(number: str, text: str, *, begins: str = "2018-04-01", ends: str = "", effects: str = "") -> str:
    until = f' RestrictEndDate="{ends}"' if ends else ""
    return (
        '<?xml version="1.0"?><Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"'
        ' xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dct="http://purl.org/dc/terms/" DocumentURI="http://www.legislation.gov.uk/ukpga/2098/7/section/'
        f'{number}" RestrictStartDate="{begins}"{until}><ukm:Metadata><dc:title>{ACT}</dc:title>'
        f"<dct:valid>2026-01-05</dct:valid><ukm:UnappliedEffects>{effects}</ukm:UnappliedEffects></ukm:Metadata>"
        f"<Primary><Body><P1group><Title>Keeping</Title><P1><Pnumber>{number}</Pnumber><P1para><Text>{text}</Text>"
        "</P1para></P1></P1group></Body></Primary></Legislation>"
    )


def legislation_routes(effects: str = "") -> dict[str, Route]:
    def section(asked: Asked) -> Said | None:
        match asked.path.removeprefix("/uk/ukpga/2098/7/section/").split("/"):
            case ["3", "data.xml"]:
                return say_xml(act_of("3", RULE, effects=effects))
            case ["3", day, "data.xml"]:
                old = date.fromisoformat(day) < date(2018, 4, 1)
                return say_xml(
                    act_of("3", "A bear may be kept in a flat by its owner.", begins="2000-01-01", ends="2018-04-01")
                    if old
                    else act_of("3", RULE)
                )
        return Said(b"<html>no such page</html>", "text/html", status=404)

    def feed(asked: Asked) -> Said | None:
        entries = (
            [("2098/7", ACT), ("2098/8", "Bears (Repeal) Act 2098")] if asked.query["title"] == "Bears Act" else []
        )
        shown = "".join(
            f"<entry><id>http://www.legislation.gov.uk/id/ukpga/{number}</id><title>{title}</title></entry>"
            for number, title in entries
        )
        body = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{shown}</feed>'
        return Said(body.encode(), "application/atom+xml")

    return {"/uk/ukpga/": section, "/uk/all/data.feed": feed}


CELEX = "32016R0777"
ARTICLE = "1. Each keeper of bees shall register every hive within 30 days."
LATER_ARTICLE = "1. Each keeper of bees shall register every hive within 10 days."


def _act_page(text: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>L'
        '</title></head><body><p class="oj-doc-ti">REGULATION (EU) 2016/777 of 3 May 2016 on hives</p>'
        '<p class="oj-ti-art">Article 1</p><p class="oj-sti-art">Subject</p><p>This Regulation is about hives.</p>'
        f'<p class="oj-ti-art">Article 2</p><p class="oj-sti-art">Register</p><p>{text}</p></body></html>'
    )


def eurlex_routes(end: str = "9999-12-31", begin: str = "2016-05-23") -> dict[str, Route]:
    def resource(asked: Asked) -> Said | None:
        if asked.path.startswith("/resource/celex/"):
            name = asked.path.rpartition("/")[2]
            place = {CELEX: "base", f"0{CELEX[1:]}-20200101": "later"}.get(name)
            if place is None:
                return None
            return Said(b"", status=303, headers={"Location": f"/resource/cellar/{place}.0006.03/DOC_1"})
        text = LATER_ARTICLE if "/later." in asked.path else ARTICLE
        return Said(_act_page(text).encode(), "application/xhtml+xml;charset=UTF-8")

    def sparql(asked: Asked) -> Said | None:
        if CELEX[1:] not in asked.query["query"]:
            rows = []
        else:
            rows = [
                {"celex": CELEX, "begin": begin, "end": end},
                {"celex": f"0{CELEX[1:]}-20200101", "begin": "2020-01-01", "end": end},
            ]
        bindings = [{key: {"type": "literal", "value": value} for key, value in row.items()} for row in rows]
        said = say_json({"head": {"vars": ["celex", "begin", "end"]}, "results": {"bindings": bindings}})
        return Said(said.body, "application/sparql-results+json")

    return {"/resource/": resource, "/sparql": sparql}


HOLDING = "We hold that a keeper of bees owes the neighbour a fence of at least 2 metres."
DISSENT = "In my view the keeper owes nothing at all to the neighbour."
NAME = "Arden v. Birch"


def courtlistener_routes(address: str = "https://www.courtlistener.com/api/rest/v4") -> dict[str, Route]:
    cluster = {
        "id": 9001,
        "case_name": NAME,
        "date_filed": "2019-03-04",
        "docket_id": 77,
        "docket": f"{address}/dockets/77/",
        "sub_opinions": [f"{address}/opinions/501/", "http://192.0.2.1/opinions/502/"],
        "citations": [{"volume": 599, "reporter": "U.S.", "page": "901", "type": 1}],
    }
    opinions = {
        "501": {"id": 501, "cluster_id": 9001, "type": "020lead", "plain_text": HOLDING, "opinions_cited": []},
        "502": {"id": 502, "cluster_id": 9001, "type": "040dissent", "plain_text": DISSENT, "opinions_cited": []},
    }
    result = {
        "cluster_id": 9001,
        "caseName": NAME,
        "court": "Supreme Court of the United States",
        "court_id": "scotus",
        "dateFiled": "2019-03-04",
        "docketNumber": "18-77",
        "citation": ["599 U.S. 901"],
        "absolute_url": "/opinion/9001/arden-v-birch/",
        "opinions": [{"id": 501, "type": "lead-opinion", "snippet": "a <mark>keeper</mark> of bees owes", "cites": []}],
    }

    def search(asked: Asked) -> Said | None:
        found = [result] if "bees" in asked.query["q"] else []
        return say_json({"count": len(found), "next": None, "previous": None, "results": found})

    def opinion(asked: Asked) -> Said | None:
        found = opinions.get(asked.path.split("/")[-2])
        return None if found is None else say_json(found)

    court = {"id": "scotus", "full_name": "Supreme Court of the United States", "citation_string": "SCOTUS"}
    docket = {"id": 77, "docket_number": "18-77", "court_id": "scotus", "court": f"{address}/courts/scotus/"}
    return {
        "/cl/search/": search,
        "/cl/clusters/9001/": lambda _: say_json(cluster),
        "/cl/dockets/77/": lambda _: say_json(docket),
        "/cl/courts/scotus/": lambda _: say_json(court),
        "/cl/opinions/": opinion,
        "/cl/citation-lookup/": lambda asked: say_json([_look_up(m) for m in _CITED.finditer(asked.form["text"])]),
    }


_CITED = re.compile(r"^(\d+) (\S+(?: \S+)*) (\d+)$", re.MULTILINE)
STATUSES = {"599 U.S. 901": 200, "599 U.S. 902": 300, "599 F.2d 903": 429, "1 F.3d 7": 418}


def _look_up(match: re.Match[str]) -> dict[str, object]:
    status = STATUSES.get(match[0], 404)
    ids = {200: [9001], 300: [9001, 9002]}.get(status, [])
    return {
        "citation": match[0],
        "normalized_citations": [match[0]],
        "start_index": match.start(),
        "end_index": match.end(),
        "status": status,
        "error_message": "" if status == 200 else "Citation not found",
        "clusters": [{"id": number, "case_name": NAME} for number in ids],
    }
