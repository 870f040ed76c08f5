"""Calls a day by key, counted on disk, over all processes."""

from pathlib import Path

from metier.gateway.stores.database import Database

_SCHEMA = """
create table if not exists quotas (
  key text not null, day text not null, used integer not null, primary key (key, day)
) strict, without rowid
"""
_TAKE = """
insert into quotas values (?1, ?2, 1) on conflict do update set used = used + 1 where used < ?3 returning used
"""
_GIVE_BACK = "update quotas set used = used - 1 where key = ? and day = ? and used > 0"
_FORGET = "delete from quotas where day < date(?, '-7 days')"  # clocks and time zones of a day or two still agree


class Quotas:
    """What was used of the quotas of each day, in the file at `path`. A day is an ISO date, in the source's time zone.

    All methods raise StorageError for a file that is damaged, somebody else's or cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)
        self._day = ""

    def take(self, key: str, day: str, limit: int) -> int | None:
        """Returns how many calls are left on `day` after this one; None when all are spent, and then takes nothing."""
        if limit < 1:
            return None
        with self._database.borrowed() as connection:
            if day != self._day:
                connection.execute(_FORGET, (day,))
                self._day = day
            rows = connection.execute(_TAKE, (key, day, limit)).fetchall()
        return limit - rows[0][0] if rows else None

    def give_back(self, key: str, day: str) -> None:
        """Gives back one call of `day` that was taken and not made."""
        with self._database.borrowed() as connection:
            connection.execute(_GIVE_BACK, (key, day))

    def used(self, key: str, day: str) -> int:
        """Returns how many calls were taken on `day`."""
        with self._database.borrowed() as connection:
            row = connection.execute("select used from quotas where key = ? and day = ?", (key, day)).fetchone()
        return int(row[0]) if row else 0

    def used_on(self, day: str) -> dict[str, int]:
        """Returns how many calls were taken on `day`, by key."""
        with self._database.borrowed() as connection:
            rows = connection.execute("select key, used from quotas where day = ? order by key", (day,)).fetchall()
        return {str(key): int(used) for key, used in rows}

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
