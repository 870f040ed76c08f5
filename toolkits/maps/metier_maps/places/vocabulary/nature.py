"""What people travel to see and do outdoors, and the names of the land."""

from typing import Final

from metier_maps.places.vocabulary.category import Category

NATURE: Final = (
    Category("volcano", "peak", ("natural=volcano",), (), ("火山",)),
    Category(
        "peak", "nature", ("natural=peak",), ("mountain", "summit", "hill", "mount"), ("山峰", "山", "峰", "山顶")
    ),
    Category(
        "pass", "nature", ("mountain_pass=yes", "natural=saddle"), ("mountain pass", "saddle", "col"), ("山口", "垭口")
    ),
    Category("waterfall", "nature", ("waterway=waterfall", "natural=waterfall"), ("falls", "cascade"), ("瀑布",), True),
    Category(
        "hot spring", "nature", ("natural=hot_spring", "bath:type=hot_spring"), ("thermal spring",), ("温泉",), True
    ),
    Category("spring", "nature", ("natural=spring",), (), ("泉", "泉水")),
    Category(
        "lake",
        "nature",
        ("natural=water",),
        ("pond", "reservoir"),
        ("湖", "湖泊", "水库"),
    ),
    Category(
        "beach",
        "nature",
        ("natural=beach", "leisure=beach_resort"),
        ("seaside", "beach resort"),
        ("海滩", "沙滩"),
        True,
    ),
    Category(
        "cave",
        "nature",
        ("natural=cave_entrance", "tourism=cave"),
        ("cavern", "grotto"),
        ("洞穴", "溶洞", "山洞"),
        True,
    ),
    Category("glacier", "nature", ("natural=glacier",), (), ("冰川",)),
    Category(
        "cliff",
        "nature",
        ("natural=cliff", "natural=rock", "natural=stone", "natural=arch"),
        ("rock", "crag"),
        ("悬崖", "岩石"),
    ),
    Category(
        "valley",
        "nature",
        ("natural=valley", "natural=gorge", "natural=cirque", "natural=ridge", "natural=arete"),
        ("gorge", "canyon", "ridge", "cirque"),
        ("山谷", "峡谷"),
    ),
    Category("island", "nature", ("place=island", "place=islet"), ("islet",), ("岛", "岛屿")),
    Category("forest", "nature", ("natural=wood", "landuse=forest"), ("wood", "woods", "woodland"), ("森林", "树林")),
    Category(
        "cape",
        "nature",
        ("natural=cape", "natural=peninsula", "natural=bay"),
        ("bay", "peninsula"),
        ("海角", "海湾", "半岛"),
    ),
    Category("national park", "nature reserve", ("boundary=national_park",), (), ("国家公园",)),
    Category(
        "nature reserve",
        "nature",
        ("leisure=nature_reserve", "boundary=protected_area"),
        ("nature park", "natural park", "protected area"),
        ("自然保护区", "保护区"),
    ),
    Category("nature", "sight", (), ("natural sight", "landscape", "outdoors"), ("自然", "自然风光")),
    Category("garden", "park", ("leisure=garden",), ("botanical garden", "gardens"), ("花园", "植物园", "园林")),
    Category("park", "sight", ("leisure=park",), ("city park", "public park"), ("公园",)),
    Category(
        "ski resort",
        "sport",
        ("landuse=winter_sports", "leisure=ski_resort"),
        ("ski area", "ski station", "ski slopes", "skiing"),
        ("滑雪场", "滑雪"),
    ),
    Category(
        "cable car",
        "sport",
        ("aerialway=cable_car", "aerialway=gondola", "aerialway=station"),
        ("gondola", "aerial tramway", "funicular"),
        ("缆车", "索道"),
    ),
    Category(
        "chair lift",
        "sport",
        ("aerialway=chair_lift", "aerialway=mixed_lift"),
        ("chairlift", "ski lift"),
        ("吊椅缆车",),
    ),
    Category(
        "via ferrata",
        "sport",
        ("highway=via_ferrata", "sport=climbing"),
        ("climbing", "climbing area"),
        ("攀岩", "飞拉达"),
    ),
    Category(
        "swimming pool",
        "sport",
        ("leisure=swimming_pool", "leisure=swimming_area"),
        ("pool", "swimming", "lido"),
        ("游泳池", "泳池"),
    ),
    Category(
        "golf course",
        "sport",
        ("leisure=golf_course", "leisure=miniature_golf"),
        ("golf", "minigolf"),
        ("高尔夫球场", "高尔夫"),
    ),
    Category("stadium", "sport", ("leisure=stadium",), ("arena",), ("体育场",)),
    Category(
        "sport",
        "",
        ("leisure=sports_centre", "leisure=ice_rink", "leisure=horse_riding"),
        ("sports centre", "sports center", "leisure centre"),
        ("体育馆", "运动"),
    ),
    Category("playground", "sport", ("leisure=playground",), ("play area",), ("游乐场", "儿童乐园", "操场"), True),
    Category(
        "picnic site",
        "service",
        ("tourism=picnic_site", "leisure=picnic_table&name=*"),
        ("picnic area", "picnic spot", "barbecue area"),
        ("野餐地", "野餐区"),
        True,
    ),
    Category("dog park", "service", ("leisure=dog_park",), ("dog run",), ("狗公园", "遛狗区"), True),
    Category(
        "marina",
        "service",
        ("leisure=marina", "harbour=yes"),
        ("harbour", "harbor", "port"),
        ("码头", "港口", "游艇码头"),
    ),
)
