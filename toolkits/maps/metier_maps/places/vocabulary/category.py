"""What is known of one word for places."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A word for places, the wider word it is a kind of ("" for none), and the tags that mean it.

    A rule is "key=value", "key=*" or several of these joined by "&"; any rule suffices. `also` are other English words
    (plurals are made), `chinese` the Chinese ones. `nameless` says that one without a name is worth keeping.
    """

    word: str
    kind_of: str
    rules: tuple[str, ...]
    also: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    nameless: bool = False
