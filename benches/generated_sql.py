"""SQL made at random, the same for the same seed: what readers ask, what they should not, and what is broken."""

import random
from collections.abc import Iterator

# Tables with some of their columns; those of STRANGE are not the site's own.
COLUMNS = {
    "agencies": ["id", "name", "country", "report_count", "searches_min", "latitude", "first_reported"],
    "reports": ["no", "agency", "country", "note", "searches_as_printed", "source"],
    "sources": ["id", "publisher", "title", "url"],
    "cleaning_log": ["file", "row", "before", "after", "kind"],
    "coverage": ["measure", "published", "documented"],
}
STRANGE = {
    "sqlite_master": ["name", "sql", "rootpage"],
    "sqlite_stmt": ["sql", "mem"],
    "dbstat": ["name", "path", "pgsize"],
    "agencies_fts": ["name", "rank"],
    "agencies_fts_data": ["id", "block"],
    "pragma_database_list": ["seq", "name", "file"],
    "pragma_function_list": ["name", "narg"],
    "pragma_compile_options": ["compile_options"],
    "pragma_table_info('reports')": ["cid", "name"],
    "json_each('[1,2,[3]]')": ["key", "value"],
    "csv": ["c0"],
    "fsdir('/')": ["name", "data"],
}
# Functions with how many arguments they take.
FUNCTIONS = {
    "abs": 1, "avg": 1, "char": 2, "coalesce": 2, "count": 1, "date": 1, "group_concat": 2, "hex": 1, "ifnull": 2,
    "iif": 3, "instr": 2, "json": 1, "json_array": 2, "json_extract": 2, "json_group_array": 1, "json_object": 2,
    "julianday": 1, "length": 1, "like": 2, "lower": 1, "ltrim": 2, "max": 1, "min": 2, "nullif": 2, "quote": 1,
    "random": 0, "randomblob": 1, "replace": 3, "round": 2, "rtrim": 1, "soundex": 1, "strftime": 2, "substr": 3,
    "sum": 1, "total": 1, "trim": 2, "typeof": 1, "unicode": 1, "unixepoch": 1, "upper": 1, "zeroblob": 1,
}  # fmt: skip
REFUSED = [
    "bm25", "edit", "eval", "fts3_tokenizer", "fts5", "format", "fsdir", "highlight", "last_insert_rowid",
    "load_extension", "printf", "readfile", "rtreecheck", "snippet", "sqlite_compileoption_get", "sqlite_log",
    "sqlite_offset", "sqlite_source_id", "sqlite_version", "total_changes", "writefile",
]  # fmt: skip
NUMBERS = ["0", "1", "-1", "7", "100", "99999", "200000000", "2147483648", "9223372036854775807", "1e308", "1e999"]
TEXTS = [
    "''", "'a'", "'%a%b%c%'", "'[[[[[[[['", "'{\"a\":1}'", "'/etc/passwd'", "'clearview.db'", "'zürich'", "x'00ff'",
    "'%.*c'", "'=1+1'", "'now'", "null", "char(0)", "char(55296)", "'../../canary'",
]  # fmt: skip
OPERATORS = ["+", "-", "*", "/", "%", "||", "=", "<>", "<", "and", "or", "is", "like", "glob", "&", "<<", "->", "in"]
WRITES = [
    "delete from reports", "update agencies set name = 'x'", "insert into reports values (1)", "drop table reports",
    "create table t (a)", "create temp table t (a)", "alter table reports add x", "vacuum", "vacuum into '/tmp/x.db'",
    "attach '/etc/passwd' as p", "attach '{folder}/canary' as p", "detach main", "reindex", "analyze", "begin",
    "commit", "savepoint a", "pragma writable_schema = on", "pragma journal_mode = wal", "pragma database_list",
    "pragma hard_heap_limit = 0", "pragma query_only = off", "pragma temp_store_directory = '/tmp'",
    "with x as (select 1) delete from reports",
    "with x as (select 1) insert into cleaning_log select * from cleaning_log",
    "replace into reports ([no]) values (1)", "create virtual table t using csv(filename='/etc/passwd')",
    "create virtual table t using fts5(a)", "insert into agencies_fts(agencies_fts) values ('rebuild')",
]  # fmt: skip
NOISE = ["\0", "'", '"', ";", "--", "/*", "*/", "(", ")", ",", "\u202e", "%", "\\", "]", "\n", "?1", ":a", "\ud7ff"]


class Maker:
    """Makes statements from one seed; folder is where a file lies that none of them may read."""

    def __init__(self, seed: int, folder: str) -> None:
        self.chance, self.folder = random.Random(seed), folder

    def one_of(self, values: list[str]) -> str:
        """Return one of the values."""
        return self.chance.choice(values)

    def expression(self, columns: list[str], depth: int = 3) -> str:
        """Return an expression over the columns."""
        kind = self.chance.random()
        if depth == 0 or kind < 0.3:
            return self.one_of([*columns, self.one_of(NUMBERS), self.one_of(TEXTS)])
        if kind < 0.65:
            name = self.one_of(REFUSED if self.chance.random() < 0.03 else list(FUNCTIONS))
            inner = [self.expression(columns, depth - 1) for _ in range(FUNCTIONS.get(name, 2))]
            return f"{name}({', '.join(inner)})"
        if kind < 0.9:
            left, right = self.expression(columns, depth - 1), self.expression(columns, depth - 1)
            return f"({left} {self.one_of(OPERATORS)} {right})"
        if kind < 0.95:
            return f"({self.select(depth - 1, shown=1)})"
        return f"case when {self.expression(columns, depth - 1)} then 1 else {self.expression(columns, depth - 1)} end"

    def select(self, depth: int = 3, shown: int = 0) -> str:
        """Return a query, sometimes of many tables, grouped, sorted, or of several queries."""
        known = {**COLUMNS, **STRANGE} if self.chance.random() < 0.1 else COLUMNS
        tables = [self.one_of(list(known)) for _ in range(self.chance.choice([1, 1, 1, 1, 2, 3, 5]))]
        columns = [f't{n}."{column}"' for n, table in enumerate(tables) for column in known[table]]
        shown = shown or self.chance.choice([1, 1, 1, 2, 3, 30])
        values = ", ".join(self.expression(columns, depth) for _ in range(shown))
        sql = f"select {self.one_of(['', '', 'distinct '])}{values} from "
        sql += ", ".join(f"{table} as t{n}" for n, table in enumerate(tables))
        for clause in ("where", "group by", "order by", "limit"):
            if self.chance.random() < 0.2:
                sql += f" {clause} {self.expression(columns, depth - 1 if depth else 0)}"
        if depth and self.chance.random() < 0.1:
            sql += f" {self.one_of(['union', 'union all', 'except', 'intersect'])} {self.select(0, shown)}"
        return sql

    def recursion(self) -> str:
        """Return a recursive query, which may have no end."""
        step, start = self.expression(["n.i"], 2), self.one_of(NUMBERS + TEXTS)
        end = self.one_of(["", "where i < 1000", f"where {self.expression(['n.i'], 1)}", "limit 100000"])
        union = self.one_of(["union", "union all"])
        shown = self.expression(["n.i"])
        return f"with recursive n(i) as (select {start} {union} select {step} from n {end}) select {shown} from n"

    def spoil(self, sql: str) -> str:
        """Return the statement with something put in, taken out or said twice."""
        place = self.chance.randrange(len(sql) + 1)
        return self.one_of([
            sql[:place] + self.one_of(NOISE) + sql[place:], sql[:place], sql[place:], f"{sql};{self.write()}",
            f"/* {sql} */ {self.write()}", f"explain {sql}", f"-- {sql}\n{self.write()}", sql * 3, sql.upper(),
        ])  # fmt: skip

    def write(self) -> str:
        """Return a statement that is no query."""
        return self.one_of(WRITES).replace("{folder}", self.folder)

    def statements(self) -> Iterator[str]:
        """Yield statements without end."""
        while True:
            kind = self.chance.random()
            sql = self.write() if kind < 0.1 else self.recursion() if kind < 0.15 else self.select()
            yield self.spoil(sql) if self.chance.random() < 0.2 else sql
