"""measure: and accounts: in mapping.yml, what the figures count if not searches, and what summed rows are."""

from typing import Annotated

from pydantic import Field, model_validator

from dataset.settings import Strict
from dataset.words import Words, as_identifier

Noun = Annotated[str, Field(pattern=r"^[^\W\d_][^\n?]*$")]
# Columns and tables that a measure's may not be taken for.
TAKEN = {
    "agency", "agencies", "report", "reports", "source", "sources", "country", "countries", "response", "responses",
    "licence", "licences", "listing", "listings", "account", "accounts", "name", "id", "no", "row", "note", "region",
    "locality", "file", "sheet", "published", "corrected", "period", "series",
}  # fmt: skip


class Counted(Strict):
    """One and many of what summed rows are, where that is not accounts: officer and officers."""

    one: Noun
    many: Noun

    @property
    def heading(self) -> str:
        """Return many of it as a heading."""
        return self.many[0].upper() + self.many[1:]


class Measure(Counted):
    """What the figures count, where that is not searches: camera and cameras."""

    @model_validator(mode="after")
    def check_names(self) -> "Measure":
        """Refuse a word whose columns would have the name of another column or table."""
        for word in (self.one, self.many):
            name = as_identifier(word)
            if not name[:1].isalpha() or name in TAKEN:
                raise ValueError(f"{word!r} is the name of another column; say it in two words")
        return self

    @property
    def words(self) -> Words:
        """Return the words of what is counted."""
        return Words(one=self.one, many=self.many)
