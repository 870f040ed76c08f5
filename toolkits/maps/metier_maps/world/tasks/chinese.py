"""A request in plain Chinese."""

from collections.abc import Mapping
from datetime import date

from metier_maps.request import TripRequest

COUNTS = "零一两三四五六七八九"
BY = {"car": "自驾", "bicycle": "骑行", "foot": "步行"}
MOVING = {"car": "开车", "bicycle": "骑行", "foot": "步行"}
WORDS = {
    "castle": "城堡", "museum": "博物馆", "viewpoint": "观景台", "garden": "花园", "church": "教堂", "zoo": "动物园",
    "theme park": "主题公园", "monument": "纪念碑", "hotel": "酒店", "guest house": "民宿", "apartment": "公寓",
    "hostel": "青年旅舍", "alpine hut": "山屋",
}  # fmt: skip


def write_chinese(request: TripRequest, names: Mapping[str, str]) -> str:
    """Returns the request as a person would write it; `names` are what to call the places, by id."""
    parts = [
        f"{_day(request.start_date)}起{COUNTS[request.days]}天",
        f"在{request.region}{BY[request.mode]}",
        *_places(request, names),
        *_company(request),
        *_limits(request),
        *_style(request),
    ]
    return "，".join(parts) + "。"


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _places(request: TripRequest, names: Mapping[str, str]) -> list[str]:
    start, end = names[request.start.id], names[request.end.id]
    parts = [f"从{start}出发并返回" if start == end else f"从{start}出发，在{end}结束"]
    if request.must_see:
        parts.append(f"必去{_list([names[ref.id] for ref in request.must_see])}")
    if request.avoid:
        parts.append(f"避开{_list([names[ref.id] for ref in request.avoid])}")
    if request.avoid_categories:
        parts.append(f"不要去{_list([WORDS[word] for word in request.avoid_categories])}")
    if request.interests:
        parts.append(f"喜欢{_list([WORDS[word] for word in request.interests])}")
    return parts


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{'、'.join(items[:-1])}和{items[-1]}"


def _company(request: TripRequest) -> list[str]:
    parts = []
    adults, children = request.party.adults, request.party.children
    if (adults, children) != (1, 0):
        parts.append(f"{adults}个大人" + (f"{children}个孩子" if children else ""))
    if request.pets is not None:
        parts.append("酒店必须允许带狗" if request.pets.confirmed else "带狗")
    return parts


def _limits(request: TripRequest) -> list[str]:
    parts = []
    if request.drive_limit_s is not None:
        hours, minutes = divmod(request.drive_limit_s // 60, 60)
        long = (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "")
        parts.append(f"每天{MOVING[request.mode]}不超过{long}")
    if request.budget is not None:
        parts.append(f"预算{request.budget.cents // 100}欧元")
    return parts


def _style(request: TripRequest) -> list[str]:
    parts, wanted = [], request.lodging
    if wanted.policy != "any":
        parts.append({"change": "每晚换酒店", "stay": "全程住同一家酒店"}[wanted.policy])
    if wanted.categories:
        parts.append(f"只住{'或'.join(WORDS[kind] for kind in wanted.categories)}")
    if wanted.min_stars is not None:
        parts.append(f"至少{wanted.min_stars:.0f}星")
    if request.pace != "normal":
        parts.append({"relaxed": "节奏轻松", "full": "行程紧凑"}[request.pace])
    if not request.lunch:
        parts.append("不要午餐时间")
    if request.day_start.hour != 9:
        parts.append(f"每天{request.day_start.hour}点出发")
    if request.day_end.hour != 19:
        parts.append(f"{request.day_end.hour}点前结束")
    return parts
