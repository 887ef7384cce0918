"""Pages of the log of changed cells where it is a view: each begins at a row of the spreadsheets, not behind an offset.

For an offset all rows before it are joined again, so that the last page of ten million rows would never come. How many
there are in all is counted for a moment only.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, Results
from datasette.utils import path_with_replaced_args, tilde_decode
from datasette.utils.asgi import BadRequest, Request
from datasette.views.table import TableView
from exports.data_dictionary import LOG

from service.other_database import OtherDatabase, Whole

PAGE = re.compile(
    rf"(?P<head>select .*? from {LOG} )(where (?P<where>.*) )?(?P<tail>order by \[row\](?P<down> desc)? limit \d+)",
    re.DOTALL,
)
REMOVALS = "removals"  # the changes that belong to no reading of a text
OF_READINGS = {"field", "kind", "before", "after", "reason"}
PLACE = re.compile(r"(\d+),(\d+)")
COUNTING = 200  # milliseconds

Answer = Any  # of Datasette: data, template, names of templates
GetData = Callable[..., Awaitable[Answer]]


class PagesOfLog(OtherDatabase):
    """A database whose log is read from a row of the spreadsheets on, behind some changes to it that were shown."""

    def __init__(self, database: Database, place: tuple[int, int] | None, filtered: set[str]) -> None:
        """Take the row and how many of its changes were shown, and the columns that rows are filtered by."""
        super().__init__(database)
        self.place, self.filtered = place, filtered

    async def execute(self, sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Results:  # noqa: ANN401
        """Return the rows; a count of them is given up soon."""
        if sql.startswith(f"select count(*) from {LOG} "):
            options["custom_time_limit"] = COUNTING
        return await super().execute(sql, params, truncate, **options)

    async def change(self, sql: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the query with the place where the page begins."""
        if not (page := PAGE.fullmatch(sql)):
            raise RuntimeError(f"Datasette asks for rows in another way than it did: {sql}")
        head, where, end, params = page["head"], page["where"], page["tail"], dict(params)
        if self.filtered and self.filtered <= OF_READINGS:
            read = await self.database.execute(f"select 1 from readings where {where} limit 1", params)
            if not read.rows:  # else each report would be looked at for what none of them has
                head = head.replace(f" from {LOG} ", f" from {REMOVALS} ")
        if self.place:
            begins = f"[row] {'<=' if page['down'] else '>='} :begins_at"
            where = f"({where}) and {begins}" if where else begins
            end, params["begins_at"] = f"{end} offset {self.place[1]}", self.place[0]
        return f"{head}{f'where {where} ' if where else ''}{end}", params

    async def find_end(self) -> str:
        """Return the place of the row after those of the page, of which one more was asked for."""
        sql = re.sub("^select .*? from ", "select [row] from ", self.asked["sql"], count=1, flags=re.DOTALL)
        rows = [row["row"] for row in (await self.database.execute(sql, self.asked["params"])).rows][:-1]
        before = self.place[1] if self.place and self.place[0] == rows[-1] else 0
        return f"{rows[-1]},{before + rows.count(rows[-1])}"


async def is_long_log(datasette: Datasette, database: Database, request: Request) -> bool:
    """Return whether rows of a log that is a view are asked for, in the order of the spreadsheets' rows."""
    if tilde_decode(request.url_vars["table"]) != LOG or not await database.get_view_definition(LOG):
        return False
    own = datasette.table_metadata(database.name, LOG).get("sort")
    return bool((request.args.get("_sort") or request.args.get("_sort_desc") or own) == "row")


def by_row(get_data: GetData) -> GetData:
    """Return TableView.data, which reads a log that is a view from where the page before ended."""

    async def data(self: TableView, request: Request, *args: Any, _next: str | None = None, **options: Any) -> Answer:  # noqa: ANN401
        database = self.ds.get_database(route=tilde_decode(request.url_vars["database"]))
        if not await is_long_log(self.ds, database, request):
            return await get_data(self, request, *args, _next=_next, **options)
        token = _next or request.args.get("_next")
        place = PLACE.fullmatch(token) if token else None
        if token and not place:
            raise BadRequest("_next must be taken from the Link header of the page before")
        filtered = {name.partition("__")[0] for name in request.args if name[:1] != "_" or name == "_where"}
        log = PagesOfLog(database, (int(place[1]), int(place[2])) if place else None, filtered)
        answer = await get_data(log.seen_by(self), Whole.of(request), *args, **options)
        if isinstance(answer, tuple):
            answer[0]["query"] = log.asked
            if answer[0].get("next"):
                end = await log.find_end()
                path = self.ds.urls.path(path_with_replaced_args(request, {"_next": end}))
                answer[0].update({"next": end, "next_url": self.ds.absolute_url(request, path)})
        return answer

    return data


@hookimpl
def startup() -> None:
    """Put this in place."""
    TableView.data = by_row(TableView.data)
