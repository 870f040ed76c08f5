"""Opening hours as mappers write them: good, odd, unreadable, or none at all."""

from metier.world import Chance

NONE = ""
INDOOR = (
    "Tu-Su 10:00-17:00; PH off",
    "Mo off; Tu-Su 09:00-18:00",
    "Apr-Oct Tu-Su 10:00-18:00; Nov-Mar Sa,Su 11:00-16:00",
    "Mo-Fr 09:00-12:00,14:00-17:00; Sa 10:00-12:00; PH off",
    "Apr-Oct: Mo-Su 09:00-18:00",
    "We-Mo 10:00-17:30; PH 10:00-14:00",
    "Tu-Su 10:00-18:00; Th 10:00-21:00",
    "Sa,Su,PH 11:00-17:00",
    "Su[1] 10:00-16:00",
    "week 10-44 Tu-Su 10:00-17:00",
    '"by appointment"',
    "May 1-Sep 30 10:00-18:00; Oct-Apr off",
    "Mo-Su 10:00-17:00; Dec 24-Jan 1 off",
    "Tu,Th-Sa 13:00-18:00",
    "10-18h daily",
    "Tu-Sa 10:00-19:00: Su 10:00-17:00",
    NONE,
    NONE,
)
OUTDOOR = (NONE, NONE, NONE, "24/7", "sunrise-sunset", "Apr-Oct sunrise-sunset", "Mo-Su 06:00-22:00")
GARDEN = (
    "sunrise-sunset",
    "Mar-Oct 08:00-20:00; Nov-Feb 09:00-16:00",
    "(sunrise+01:00)-(sunset-01:00)",
    "24/7",
    "Apr-Sep 07:00-21:00",
    NONE,
)
CHURCH = (
    "Mo-Su 08:00-18:00",
    "Su 09:00-12:00",
    "08:00-12:00,14:00-18:00",
    "Mo-Sa 09:00-17:00; Su 13:00-17:00",
    NONE,
    NONE,
)
FAMILY = (
    "Mar-Oct 09:00-18:00; Nov-Feb 10:00-16:00",
    "Apr-Sep Mo-Su 09:00-19:00; Oct-Mar Sa,Su,PH 10:00-16:00",
    "Apr-Oct: Mo-Su 09:30-18:00",
    "Mo-Su 09:00-17:00; Dec 25 off",
)
STAGE = ("Tu-Su 18:00-23:00", "Th-Sa 19:00-22:30; Su 15:00-18:00", NONE)
MEALS = (
    "Tu-Su 11:30-14:30,18:00-22:30",
    "Mo-Sa 11:00-23:00; Su off",
    "We-Th,Su 17:00-23:00; Fr,Sa 18:00-02:00",
    "Mo-Fr 11:30-14:00; PH off",
    "Apr-Oct 11:00-21:00; Nov-Mar Th-Su 11:30-20:00",
    "11:30-14:00,17:30-22:00; We off",
    NONE,
    NONE,
)
CAFE = ("Mo-Sa 07:30-18:30; Su 09:00-18:00", "Tu-Su 08:00-19:00", "Mo-Fr 07:00-17:00; Sa 08:00-13:00; Su,PH off", NONE)
NIGHT = ("Mo-Th 17:00-00:00; Fr,Sa 17:00-03:00; Su off", "We-Sa 20:00-04:00", "Mo-Su 16:00-01:00", NONE)
SHOP = (
    "Mo-Fr 07:30-19:00; Sa 07:30-18:00; Su,PH off",
    "Mo-Sa 08:00-20:00; PH off",
    "Mo-Fr 08:00-12:00,14:00-18:00; Sa 08:00-12:00",
    NONE,
)
PHARMACY = (
    "Mo-Fr 08:00-12:30,14:00-18:00; Sa 08:00-12:00; PH off",
    "Mo-Fr 08:00-18:00; Sa 08:00-13:00; Su,PH off",
    "24/7",
)
FUEL = ("24/7", "Mo-Sa 06:00-22:00; Su,PH 07:00-21:00", "Mo-Su 05:30-23:00", NONE)
OFFICE = (
    "Mo-Fr 09:00-17:00; PH off",
    "Apr-Oct Mo-Su 09:00-18:00; Nov-Mar Mo-Fr 10:00-16:00",
    "Mo-Fr 09:00-12:00,13:00-16:30; PH off",
)
ALWAYS = ("24/7", "24/7", NONE)
UNSTATED = (NONE, NONE, NONE, "07:00-20:00")


def choose_hours(choices: tuple[str, ...], chance: Chance) -> dict[str, str]:
    """Returns the opening_hours tag, or nothing where the mapper wrote none."""
    hours = chance.pick(choices)
    return {"opening_hours": hours} if hours else {}
