"""The words of a dataset: what its database is called and what it counts.

The project's SQL, addresses and texts are written in the words of our own record: /clearview/agencies, searches_min,
"no number of searches". Another dataset's are these with its own words in their place.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

DATABASE = re.compile(r"(?<![\w-])clearview(?![\w-])")
COLUMN = re.compile(r"(?<![A-Za-z])(?<!/charts/)(?<!/chart/)searches(?![A-Za-z])")  # a chart's address has no column
BANDS = re.compile(r"(?<![A-Za-z])search_bands(?![A-Za-z])")
NAMED = re.compile(r"(?<![A-Za-z])searches(?=_)|(?<=_)searches(?![A-Za-z])")  # a column in the midst of a text
SAID = re.compile(r"(?<![\w])([Ss])earches(?![\w])")
IN_QUOTES = re.compile(r"(?<=' )searches\b")  # a word in a text that SQL writes
CODE = {"sql", "facets", "sort", "sort_desc", "example", "examples", "x-examples", "path", "query", "figures"}


def as_identifier(text: str) -> str:
    """Return a text as a name in SQL and in addresses: small Latin letters, digits and underscores; "" of others."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


@dataclass(frozen=True)
class Sample:
    """An agency of the dataset and its country, for examples."""

    agency: str
    name: str
    country: str
    country_name: str

    def replace(self, text: str) -> str:
        """Return a text with this agency and country in the place of those that our examples name."""
        own = {
            "it-state-police-italy": self.agency, "ca-toronto-police-service": self.agency,
            "=kripos": f"={self.agency}", "tornto+police": quote_plus(self.name), "tornto police": self.name,
            "federal police": self.name, "RCMP, Keskusrikospoliisi, toronto cops": self.name, "zurich": self.name,
            "CA,GB": self.country, "country=CA": f"country={self.country}",
            "country = 'CA'": f"country = '{self.country}'", "code=BE": f"code={self.country}",
            "Police in Canada": f"Agencies in {self.country_name}", "Belgium": self.country_name,
        }  # fmt: skip
        return re.sub("|".join(map(re.escape, own)), lambda found: own[found[0]], text)


@dataclass(frozen=True)
class Words:
    """The name of the database, one and many of what is counted, and what examples are made of."""

    database: str = "clearview"
    one: str = "search"
    many: str = "searches"
    sample: Sample | None = None

    @property
    def heading(self) -> str:
        """Return what is counted as a heading."""
        return self.many[0].upper() + self.many[1:]

    def sql(self, text: str) -> str:
        """Return SQL, a name or an address of ours with the names of this dataset."""
        text = self.sample.replace(text) if self.sample else text
        text = DATABASE.sub(self.database, IN_QUOTES.sub(self.many, text))
        text = BANDS.sub(f"{as_identifier(self.one)}_bands", text)
        return COLUMN.sub(as_identifier(self.many), text)

    def ours(self, name: str) -> str:
        """Return the name that a column of this dataset has in our words."""
        many = as_identifier(self.many)
        return "searches" + name[len(many) :] if name == many or name.startswith(f"{many}_") else name

    def row(self, row: Any) -> dict[str, Any]:  # noqa: ANN401 - of SQLite or a dictionary
        """Return a row with the names of its columns in our words."""
        return {self.ours(name): row[name] for name in row.keys()}  # noqa: SIM118 - a row of SQLite holds its values

    def prose(self, text: str) -> str:
        """Return a sentence of ours with the words of this dataset."""
        text = self.sample.replace(text) if self.sample else text
        text = NAMED.sub(as_identifier(self.many), DATABASE.sub(self.database, text))
        text = BANDS.sub(f"{as_identifier(self.one)}_bands", text)
        return SAID.sub(lambda found: self.many if found[1] == "s" else self.heading, text)

    def label(self, text: str) -> str:
        """Return what a category of ours means, for another dataset: it has another vendor and counts other things."""
        text = text.replace("Clearview AI", "the vendor").replace("it ran a search", f"it had {self.many}")
        return self.prose(re.sub(r"\b1 search\b", f"1 {self.one}", text))

    def translate(self, document: Any, key: str = "") -> Any:  # noqa: ANN401 - whatever YAML holds
        """Return a document of ours in the words of this dataset; key is what it stands under."""
        if isinstance(document, dict):
            return {self.translate(name, "sql"): self.translate(value, str(name)) for name, value in document.items()}
        if isinstance(document, list):
            return [self.translate(value, key) for value in document]
        if not isinstance(document, str):
            return document
        is_code = key in CODE or document == "searches" or document.startswith("/")
        return self.sql(document) if is_code else self.prose(document)


OURS = Words()
