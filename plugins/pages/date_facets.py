"""Days counted (`?_facet_date=`): those that are whole alone, and how many dates are known to the month or year only.

SQLite takes “2021” for a day of the year -4707, by the astronomers' count.
"""

import copy
from typing import Any

from datasette import hookimpl
from datasette.facets import DateFacet
from datasette.utils import escape_sqlite

WHOLE_DAY = "{column} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"

Facet = dict[str, Any]


class WholeDays(DateFacet):  # type: ignore[misc]
    """Counts of whole days; `without_a_day` says how many rows have a date that is not one."""

    async def facet_results(self) -> tuple[list[Facet], list[str]]:
        """Return the facets with their values, and the names of those that took too long."""
        facets, late = [], []
        for config in self.get_configs():
            column = config["config"].get("column") or config["config"]["simple"]
            whole = WHOLE_DAY.format(column=escape_sqlite(column))
            days = copy.copy(self)
            days.sql = f"select * from ({self.sql}) where {whole}"
            days.get_configs = lambda config=config: [config]
            found, timed_out = await DateFacet.facet_results(days)
            late += timed_out
            facets += [facet | {"without_a_day": await self.count_others(column, whole)} for facet in found]
        return facets, late

    async def count_others(self, column: str, whole: str) -> int:
        """Return how many rows have a date that is no whole day."""
        sql = f"select count(*) from ({self.sql}) where {escape_sqlite(column)} <> '' and not {whole}"
        limit = self.ds.setting("facet_time_limit_ms")
        results = await self.ds.execute(self.database, sql, self.params, custom_time_limit=limit)
        return int(results.rows[0][0])


@hookimpl
def register_facet_classes() -> list[type]:
    """Return this kind of facet, which stands in the place of Datasette's own."""
    return [WholeDays]
