"""What people travel to see, that people made."""

from typing import Final

from metier_maps.places.vocabulary.category import Category

SIGHTS: Final = (
    Category(
        "palace",
        "castle",
        ("castle_type=palace", "historic=palace", "building=palace"),
        ("royal palace",),
        ("宫殿", "王宫", "皇宫"),
    ),
    Category(
        "fort",
        "castle",
        ("historic=fort", "historic=citadel", "castle_type=fortress"),
        ("fortress", "citadel"),
        ("要塞", "堡垒", "炮台"),
    ),
    Category(
        "castle",
        "sight",
        ("historic=castle", "building=castle", "historic=manor"),
        ("château", "chateau", "manor"),
        ("城堡", "古堡"),
    ),
    Category(
        "gallery",
        "museum",
        ("tourism=gallery", "amenity=arts_centre"),
        ("art gallery", "arts centre"),
        ("美术馆", "画廊"),
    ),
    Category("museum", "sight", ("tourism=museum",), ("exhibition",), ("博物馆", "展览馆", "纪念馆")),
    Category(
        "viewpoint",
        "sight",
        ("tourism=viewpoint",),
        ("view", "lookout", "scenic view", "mirador", "panorama", "vista"),
        ("观景台", "观景点", "景观台"),
        True,
    ),
    Category(
        "cathedral",
        "church",
        ("building=cathedral", "building=basilica", "church:type=cathedral"),
        ("basilica",),
        ("大教堂", "主教座堂"),
    ),
    Category(
        "monastery",
        "place of worship",
        ("amenity=monastery", "historic=monastery", "building=monastery", "historic=abbey"),
        ("abbey", "convent"),
        ("修道院", "寺院"),
    ),
    Category(
        "church",
        "place of worship",
        (
            "amenity=place_of_worship&religion=christian",
            "building=church",
            "building=chapel",
            "historic=church",
            "historic=chapel",
        ),
        ("chapel", "sanctuary"),
        ("教堂", "礼拜堂"),
    ),
    Category(
        "mosque", "place of worship", ("amenity=place_of_worship&religion=muslim", "building=mosque"), (), ("清真寺",)
    ),
    Category(
        "synagogue",
        "place of worship",
        ("amenity=place_of_worship&religion=jewish", "building=synagogue"),
        (),
        ("犹太教堂",),
    ),
    Category(
        "temple",
        "place of worship",
        (
            "amenity=place_of_worship&religion=buddhist",
            "amenity=place_of_worship&religion=taoist",
            "amenity=place_of_worship&religion=hindu",
            "amenity=place_of_worship&religion=shinto",
            "building=temple",
            "building=shrine",
        ),
        ("pagoda", "shrine"),
        ("寺庙", "寺", "庙", "佛塔", "道观"),
    ),
    Category("place of worship", "sight", ("amenity=place_of_worship",), (), ("宗教场所",)),
    Category(
        "archaeological site",
        "sight",
        ("historic=archaeological_site",),
        ("excavation", "archaeological dig"),
        ("考古遗址", "古迹"),
    ),
    Category("ruins", "sight", ("historic=ruins", "ruins=yes&historic=*"), ("ruin",), ("遗址", "废墟")),
    Category(
        "memorial",
        "sight",
        ("historic=memorial", "historic=wayside_cross", "historic=wayside_shrine"),
        ("war memorial", "wayside cross"),
        ("纪念地",),
    ),
    Category("monument", "sight", ("historic=monument",), (), ("纪念碑",)),
    Category(
        "statue",
        "artwork",
        ("artwork_type=statue", "artwork_type=sculpture", "memorial=statue"),
        ("sculpture",),
        ("雕像", "雕塑"),
    ),
    Category(
        "artwork", "sight", ("tourism=artwork",), ("public art", "mural", "street art"), ("艺术品", "公共艺术", "壁画")
    ),
    Category("fountain", "sight", ("amenity=fountain",), (), ("喷泉",)),
    Category(
        "bridge",
        "sight",
        ("historic=bridge", "man_made=bridge", "bridge=yes&tourism=attraction"),
        ("footbridge",),
        ("桥", "大桥"),
    ),
    Category("lighthouse", "tower", ("man_made=lighthouse",), (), ("灯塔",)),
    Category(
        "windmill",
        "sight",
        ("man_made=windmill", "man_made=watermill", "historic=mill"),
        ("mill", "watermill"),
        ("风车", "水车"),
    ),
    Category(
        "tower",
        "sight",
        ("man_made=tower&tourism=*", "man_made=tower&tower:type=observation", "historic=tower", "building=tower"),
        ("observation tower",),
        ("塔", "塔楼"),
    ),
    Category(
        "city gate",
        "sight",
        ("historic=city_gate", "historic=citywalls"),
        ("city wall", "town wall"),
        ("城门", "城墙"),
    ),
    Category(
        "theme park", "sight", ("tourism=theme_park",), ("amusement park", "adventure park"), ("主题公园", "游乐园")
    ),
    Category("water park", "sight", ("leisure=water_park",), ("waterpark",), ("水上乐园",)),
    Category("aquarium", "zoo", ("tourism=aquarium",), (), ("水族馆",)),
    Category("zoo", "sight", ("tourism=zoo",), ("animal park", "wildlife park"), ("动物园",)),
    Category(
        "planetarium", "sight", ("amenity=planetarium", "man_made=observatory"), ("observatory",), ("天文馆", "天文台")
    ),
    Category("winery", "sight", ("craft=winery", "tourism=wine_cellar"), ("wine cellar", "vineyard"), ("酒庄",)),
    Category(
        "theatre",
        "entertainment",
        ("amenity=theatre", "amenity=concert_hall"),
        ("theater", "opera", "concert hall"),
        ("剧院", "歌剧院", "音乐厅"),
    ),
    Category("cinema", "entertainment", ("amenity=cinema",), ("movie theater", "movies"), ("电影院",)),
    Category("casino", "entertainment", ("amenity=casino",), (), ("赌场",)),
    Category("nightclub", "entertainment", ("amenity=nightclub",), ("club", "disco"), ("夜店", "夜总会")),
    Category(
        "spa",
        "entertainment",
        ("leisure=spa", "amenity=spa", "amenity=public_bath", "shop=spa"),
        ("thermal bath", "baths", "sauna"),
        ("水疗", "温泉浴场", "桑拿"),
    ),
    Category(
        "entertainment",
        "",
        ("amenity=events_venue", "leisure=resort", "leisure=amusement_arcade", "leisure=bowling_alley"),
        ("nightlife",),
        ("娱乐",),
    ),
    Category("historic site", "sight", ("historic=*",), ("historical site", "heritage"), ("历史遗迹", "名胜古迹")),
    Category(
        "attraction", "sight", ("tourism=attraction",), ("tourist attraction", "point of interest"), ("旅游景点",)
    ),
    Category(
        "sight", "", (), ("sightseeing", "place of interest", "thing to see", "landmark"), ("景点", "景区", "名胜")
    ),
)
