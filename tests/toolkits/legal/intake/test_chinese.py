import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metier.errors import InputError
from metier_legal.law.provision import Standing, standing_on
from metier_legal.law.work import Level

BEARS = """# 中华人民共和国养熊法

2018年10月26日 第一届虚构大会第三次会议通过

2019年1月1日 施行

<!-- INFO END -->

## 第一章 总则

第一条 为了保护熊，制定本法。

第二条 熊有下列权利：

（一）吃蜜；

1.槐花蜜；

2.枣花蜜。

（二）睡觉。

第三人不得打扰。

## 第二章 附则

第二条之一 【偷蜜罪】偷蜜的，处罚。

第三条 本法自2019年1月1日起施行。
"""


def test_a_law_in_markdown_has_chapters_clauses_items_and_points(read: Callable[..., Any]) -> None:
    reading = read(BEARS, "养熊法(2018-10-26).md")
    assert reading.numbers == ["1", "2", "2-1", "3"]
    assert reading.unit("2", "1", "1", "2") == "2.枣花蜜。"
    assert reading.unit("2", "1", "2") == "（二）睡觉。"
    assert reading.only("2-1").path == ("第二章 附则",)
    assert (reading.only("2-1").heading, reading.only("2-1").text) == ("偷蜜罪", "偷蜜的，处罚。")
    work = reading.works["cn/中华人民共和国养熊法"]
    assert (work.short, work.level, work.complete) == ("养熊法", Level.STATUTE, True)
    assert (reading.only("1").valid_from, reading.only("1").observed) == (date(2019, 1, 1), date(2018, 10, 26))
    assert reading.faults == ()


def test_a_paragraph_that_begins_with_the_third_person_is_no_article(read: Callable[..., Any]) -> None:
    reading = read(BEARS, "养熊法.md")
    assert reading.unit("2", "2") == "第三人不得打扰。"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("第三条规定的熊，适用前款。", None),
        ("第三条的规定适用于狐狸。", None),
        ("第三条、第四条另有规定的除外。", None),
        ("第三条熊可以跳舞。", "3"),
        ("第三条　熊可以跳舞。", "3"),
        ("第三款 不是条。", None),
    ],
)
def test_only_a_line_that_can_be_the_next_article_opens_one(
    read: Callable[..., Any], line: str, number: str | None
) -> None:
    text = f"# 养熊法\n<!-- INFO END -->\n第一条 甲。\n\n第二条 乙。\n\n{line}\n"
    assert (read(text, "law.md").numbers[-1] == "3") is (number == "3")


def test_a_gap_in_the_numbers_is_told_and_nothing_is_lost(read: Callable[..., Any]) -> None:
    reading = read(BEARS.replace("第三条 本法", "第五条 本法"), "law.md")
    assert reading.numbers == ["1", "2", "2-1", "5"]
    assert "The numbers jump from 2 to 5" in reading.texts
    assert not reading.works["cn/中华人民共和国养熊法"].complete


def test_a_heading_that_is_glued_to_an_article_is_cut_off_and_told(read: Callable[..., Any]) -> None:
    reading = read(BEARS.replace("制定本法。\n", "制定本法。第二章 熊的权利\n"), "law.md")
    assert reading.only("1").text == "为了保护熊，制定本法。"
    assert reading.only("2").path == ("第二章 熊的权利",)
    assert "was glued to article 1" in reading.texts


def test_residue_of_word_and_unseen_characters_are_taken_out_and_told(read: Callable[..., Any]) -> None:
    reading = read(BEARS.replace("为了保护熊", '为了\\l"Z6T53"保\u200b护\u202e熊'), "law.md")
    assert reading.only("1").text == "为了保护熊，制定本法。"
    assert "A field code that Word left behind" in reading.texts
    assert "2 character(s) that cannot be seen" in reading.texts


def test_an_amending_act_is_addressed_by_its_items(read: Callable[..., Any]) -> None:
    text = """# 养熊法修正案
1999年12月25日 通过
<!-- INFO END -->
为了保护熊，作如下修改：

一、将第二条修改为：“熊有权吃蜜。

“第三条的规定同时废止。”

二、本修正案自公布之日起施行。
"""
    reading = read(text, "law.md")
    assert reading.numbers == ["引言", "1", "2"]
    assert reading.only("1").text == "将第二条修改为：“熊有权吃蜜。\n“第三条的规定同时废止。”"
    assert reading.only("1").valid_from == date(1999, 12, 25)


def test_a_version_ends_when_the_next_file_of_the_law_begins(read: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    folder.mkdir()
    later = BEARS.replace("2018年10月26日", "2023年12月29日").replace("2019年1月1日", "2024年7月1日")
    (folder / "养熊法(2018-10-26).md").write_text(BEARS)
    (folder / "养熊法(2023-12-29).md").write_text(later)
    first, second = (one for one in read(folder).provisions if one.number == "1")
    assert (first.valid_from, first.valid_to) == (date(2019, 1, 1), date(2024, 7, 1))
    assert (second.valid_from, second.valid_to) == (date(2024, 7, 1), None)
    assert standing_on(first, date(2024, 6, 30)) is Standing.IN_FORCE
    assert standing_on(first, date(2024, 7, 1)) is Standing.SUPERSEDED


def test_a_law_without_dates_is_read_with_an_unknown_interval_and_told(read: Callable[..., Any]) -> None:
    text = "# 养熊法\n<!-- INFO END -->\n第一条 甲。\n第二条 乙。\n"
    reading = read(text, "law.md")
    assert {(one.valid_from, one.valid_to, one.observed) for one in reading.provisions} == {(None, None, None)}
    assert "2 provision(s) have no date" in reading.texts


def test_the_start_of_an_older_version_is_not_taken_for_this_one(read: Callable[..., Any]) -> None:
    text = BEARS.replace("2019年1月1日 施行\n", "2021年3月1日 第二次会议修正\n").replace("2018-10-26", "2021-03-01")
    section = read(text, "law.md").only("1")
    assert (section.valid_from, section.observed) == (None, date(2021, 3, 1))


def test_a_number_that_stands_twice_is_kept_and_told(read: Callable[..., Any]) -> None:
    reading = read(BEARS.replace("第三条 本法", "第二条 本法"), "law.md")
    assert "2 [2]" in reading.numbers
    assert "The number stands there 2 times" in reading.texts


def test_a_digest_of_a_case_is_no_law_and_a_law_without_articles_is_left_out(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "laws"
    folder.mkdir()
    (folder / "a.md").write_text(BEARS)
    (folder / "b.md").write_text("# 养熊案\n<!-- INFO END -->\n## 裁判要点\n一、依照第二条，熊有权吃蜜。\n")
    (folder / "c.md").write_text("# 第三养狐法\n<!-- INFO END -->\n\n")
    reading = read(folder)
    assert list(reading.works) == ["cn/中华人民共和国养熊法"]
    assert "c.md: It has no title line (# ...) or no article" in reading.texts
    assert "left out: b.md" in reading.texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_every_encoding_gives_the_same_law(read: Callable[..., Any], encoding: str) -> None:
    reading = read(BEARS.encode(encoding), "law.md", format="zh-markdown")
    assert reading.only("1").text == "为了保护熊，制定本法。"


def test_two_encodings_in_one_file_are_one_clear_error(read: Callable[..., Any]) -> None:
    first, second = BEARS.split("第二条 熊有")
    mixed = first.encode("gb18030") + ("第二条 熊有" + second).encode()
    with pytest.raises(InputError, match=r"law.md, line 13: the file mixes two encodings"):
        read(mixed, "law.md", format="zh-markdown")


def rows(version: str | None, *articles: tuple[str, str]) -> str:
    found = [
        {"law": "中华人民共和国养熊法", "part": None, "article": article, "version_date": version, "path": ["总则"],
         "category": "民法商法", "file": "养熊法.md", "text": text}
        for article, text in articles
    ]  # fmt: skip
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)


def test_rows_of_a_law_take_their_dates_from_the_table_and_the_versions_beside_them(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "articles.jsonl").write_text(
        rows("2018-10-26", ("第一条", "甲。"), ("第二条", "本法自2006年1月1日起施行。"))
    )
    (folder / "others.jsonl").write_text(
        rows("2023-12-29", ("第一条", "乙。"), ("第二条", "本法自2024年7月1日起施行。"))
    )
    (folder / "law_metadata.csv").write_text(
        "id,level,name,filename,publish,valid_from,expired,ver,subtitle\na,法律,养熊法,,2018-10-26,2018-11-01,0,1,\n"
    )
    old, new = (one for one in read(folder).provisions if one.number == "1")
    assert (old.valid_from, old.valid_to) == (date(2018, 11, 1), date(2024, 7, 1))
    assert (new.valid_from, new.valid_to) == (date(2024, 7, 1), None)
