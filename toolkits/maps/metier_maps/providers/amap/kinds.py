"""Amap's kinds of places in the words of this toolkit, and the words by which Amap is asked for a kind. Pure.

The codes are the six digits of Amap's table of place types; the longest prefix that is known counts. What has no word
here has no category: it is never guessed.
"""

from collections.abc import Mapping
from typing import Final

from metier_maps.places.categories import CATEGORIES

_WORDS: Final[Mapping[str, str]] = {
    "0101": "fuel", "0111": "charging station", "0300": "car repair", "0301": "car repair",
    "0500": "restaurant", "0501": "restaurant", "0502": "restaurant", "0503": "fast food", "0505": "cafe",
    "0506": "cafe", "0508": "bakery", "0509": "ice cream", "05": "food",
    "0601": "shopping centre", "0602": "convenience store", "0604": "supermarket", "0607": "market", "06": "shop",
    "080101": "sport", "0801": "sport", "0802": "golf course", "080501": "playground", "080601": "cinema",
    "080603": "theatre", "0803": "entertainment", "0901": "hospital", "0902": "hospital", "0903": "doctor",
    "0906": "pharmacy", "0907": "veterinary",
    "1001": "hotel", "1002": "guest house", "100201": "hostel", "10": "lodging",
    "110101": "park", "110102": "zoo", "110103": "garden", "110104": "aquarium", "110105": "square", "1101": "park",
    "110204": "memorial", "110205": "temple", "110206": "temple", "110207": "mosque", "110208": "beach",
    "110209": "viewpoint", "1102": "attraction", "11": "sight",
    "140100": "museum", "140101": "museum", "140200": "museum", "140400": "gallery", "140500": "library",
    "140700": "planetarium", "1412": "school",
    "1501": "airport", "1502": "railway station", "1503": "ferry terminal", "1504": "bus station", "1507": "bus stop",
    "1509": "parking", "1601": "bank", "1603": "atm", "2003": "toilets",
}  # fmt: skip
# The same from the words that a look-up of one place gives ("风景名胜;公园广场;公园"), the last that is known counting.
_NAMES: Final[Mapping[str, str]] = {
    "住宿服务": "lodging", "宾馆酒店": "hotel", "旅馆招待所": "guest house", "青年旅舍": "hostel",
    "餐饮服务": "food", "中餐厅": "restaurant", "外国餐厅": "restaurant", "快餐厅": "fast food", "咖啡厅": "cafe",
    "茶艺馆": "cafe", "糕饼店": "bakery", "冷饮店": "ice cream", "购物服务": "shop", "商场": "shopping centre",
    "便民商店/便利店": "convenience store", "超级市场": "supermarket", "综合市场": "market",
    "风景名胜": "sight", "公园广场": "park", "公园": "park", "动物园": "zoo", "植物园": "garden", "水族馆": "aquarium",
    "城市广场": "square", "纪念馆": "memorial", "寺庙道观": "temple", "教堂": "church", "回教寺": "mosque",
    "海滩": "beach", "观景点": "viewpoint", "博物馆": "museum", "展览馆": "museum", "美术馆": "gallery",
    "图书馆": "library", "天文馆": "planetarium", "学校": "school", "综合医院": "hospital",
    "医药保健销售店": "pharmacy",
    "加油站": "fuel", "充电站": "charging station", "停车场": "parking", "飞机场": "airport",
    "火车站": "railway station",
    "长途汽车站": "bus station", "港口码头": "ferry terminal", "公交车站": "bus stop", "银行": "bank",
    "自动提款机": "atm", "公共厕所": "toilets", "电影院": "cinema", "高尔夫球场": "golf course",
}  # fmt: skip


def words_of_code(code: str) -> tuple[str, ...]:
    """Returns the categories of a type code such as "110200", several parted by "|"; () for one that is not known."""
    found = []
    for each in code.split("|")[:8]:
        prefixes = (each[:length] for length in range(6, 1, -1))
        found += [next((_WORDS[prefix] for prefix in prefixes if prefix in _WORDS), "")]
    return tuple(dict.fromkeys(word for word in found if word))


def words_of_type(text: str) -> tuple[str, ...]:
    """Returns the categories of a type in words, levels parted by ";" and types by "|"; () for one not known."""
    found = []
    for each in text.split("|")[:8]:
        found += [next((_NAMES[level] for level in reversed(each.split(";")) if level in _NAMES), "")]
    return tuple(dict.fromkeys(word for word in found if word))


def keyword_of(word: str) -> str:
    """Returns the Chinese word by which Amap is asked for a category."""
    return CATEGORIES[word].chinese[0]
