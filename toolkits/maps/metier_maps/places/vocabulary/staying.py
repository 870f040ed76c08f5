"""Where to sleep and where to eat."""

from typing import Final

from metier_maps.places.vocabulary.category import Category

STAYING: Final = (
    Category("hotel", "lodging", ("tourism=hotel", "building=hotel"), ("inn",), ("酒店", "宾馆", "旅馆", "饭店")),
    Category(
        "guest house",
        "lodging",
        ("tourism=guest_house",),
        ("guesthouse", "bed and breakfast", "b&b", "pension"),
        ("民宿", "客栈"),
    ),
    Category("hostel", "lodging", ("tourism=hostel",), ("youth hostel",), ("青年旅舍", "青旅")),
    Category("motel", "lodging", ("tourism=motel",), (), ("汽车旅馆",)),
    Category(
        "apartment",
        "lodging",
        ("tourism=apartment", "tourism=apartments"),
        ("holiday flat", "holiday apartment"),
        ("公寓",),
    ),
    Category("chalet", "lodging", ("tourism=chalet",), ("holiday home", "cottage", "cabin"), ("度假屋", "木屋")),
    Category(
        "alpine hut", "lodging", ("tourism=alpine_hut",), ("mountain hut", "refuge", "refugi"), ("山屋", "高山小屋")
    ),
    Category(
        "camp site",
        "lodging",
        ("tourism=camp_site", "tourism=caravan_site"),
        ("campsite", "camping", "campground", "caravan site", "camper site"),
        ("露营地", "营地", "房车营地"),
    ),
    Category("lodging", "", (), ("accommodation", "place to stay", "place to sleep", "stay"), ("住宿", "住处")),
    Category("restaurant", "food", ("amenity=restaurant",), ("dining", "eatery"), ("餐厅", "餐馆", "饭馆")),
    Category(
        "cafe",
        "food",
        ("amenity=cafe",),
        ("café", "coffee shop", "coffee house", "tea house"),
        ("咖啡馆", "咖啡厅", "咖啡", "茶馆"),
    ),
    Category(
        "fast food",
        "food",
        ("amenity=fast_food", "amenity=food_court"),
        ("snack bar", "takeaway", "food court"),
        ("快餐", "小吃"),
    ),
    Category("pub", "food", ("amenity=pub", "amenity=biergarten"), ("beer garden", "biergarten"), ("酒馆", "啤酒花园")),
    Category("bar", "food", ("amenity=bar",), ("cocktail bar", "wine bar"), ("酒吧",)),
    Category(
        "ice cream",
        "food",
        ("amenity=ice_cream", "shop=ice_cream"),
        ("ice cream parlour", "gelateria"),
        ("冰淇淋", "冰淇淋店"),
    ),
    Category("bakery", "food", ("shop=bakery", "shop=pastry"), ("pastry shop", "confectionery"), ("面包店", "糕点店")),
    Category("food", "", (), ("place to eat", "somewhere to eat", "food and drink"), ("美食", "吃饭", "餐饮")),
)
