"""The rules of plain Chinese."""

import re

from metier_maps.language.chinese.dates import DATE_RULES
from metier_maps.language.chinese.preferences import PREFERENCE_RULES
from metier_maps.language.chinese.trip import PLACE_RULES

__all__ = ["FILLERS", "RULES"]

RULES = (*PREFERENCE_RULES, *DATE_RULES, *PLACE_RULES)

# Words that say nothing of their own, longer ones first. "不" and its kin are none: a lost "not" must be seen.
FILLERS = re.compile(
    "请帮我|帮我们?|请问|请|我们|我想|我|你好|您好|谢谢|麻烦|规划|计划|安排|制定|设计|一个|一份|一次|一趟|行程|旅行|旅游|旅程|路线"
    "|之旅|出发|开始|结束|返回|回来|打算|准备|希望|想要|想|要|去|到|玩|游|在|从|和|与|并且|并|且|的|地|得|了|吧|呢|啊|吗|也|还|都|再|然后|最后"
    "|以及|另外|还有|而且|同时|期间|时间|一下|一起|起|为|是|有|给|每天|路上|左右|大概|大约|这次|这|那|可以|能|会|需要|地方|景点|喜欢|共|带|住"
)
