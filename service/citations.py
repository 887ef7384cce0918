"""How a page of this site is cited: in words, as BibTeX, as RIS and as CSL-JSON.

The date is that of the release (CITATION.cff), not of the visit: the same version gives the same page.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from service.dates import say_date

# What means something else in BibTeX than itself. The address stands in its own field, as it is.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """A page to be cited: its title and whole address, and the dataset, version and date (ISO) that it is part of."""

    title: str
    url: str
    dataset: str
    authors: tuple[str, ...]
    version: str
    released: str

    @property
    def key(self) -> str:
        """Return an identifier made from the address without its host; one with a query has a hash of it at its end."""
        parts = urlsplit(self.url)
        local = " ".join((parts.path, parts.query, parts.fragment))
        words = [word for word in re.findall(r"[a-z0-9]+", local.lower()) if word != "clearview"]
        digest = hashlib.sha256(local.encode()).hexdigest()[:8] if parts.query else ""
        return "-".join(filter(None, ["clearview-in-the-open", "-".join(words)[:60].strip("-"), digest]))


def tidy_address(address: str) -> str:
    """Return an address on this site with each part encoded; raises ValueError where it is none."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not re.match(r"/(?![/\\])", address):
        raise ValueError(address)
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True))
    path, fragment = quote(parts.path, safe="/~%,-_."), quote(parts.fragment, safe="-_")
    return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def make_citation(title: str, url: str, dataset: Mapping[str, Any]) -> Citation:
    """Return the citation of a page of the dataset that CITATION.cff describes."""
    authors = tuple(str(author["name"]) for author in dataset["authors"])
    released = str(dataset["date-released"])
    return Citation(title, url, str(dataset["title"]), authors, str(dataset["version"]), released)


def as_words(cited: Citation) -> str:
    """Return the citation as a sentence for a list of references."""
    whole = "" if cited.title == cited.dataset else f" In: {cited.dataset}."
    version = f"Version {cited.version}, {say_date(cited.released)}."
    return f"{', '.join(cited.authors)}: {cited.title}.{whole} {version} {cited.url}"


def as_bibtex(cited: Citation) -> str:
    """Return the citation as an entry of BibTeX."""
    day = date.fromisoformat(cited.released)

    def escape(text: str) -> str:
        return "".join(SPECIAL.get(sign, sign) for sign in text)

    fields = {
        "author": " and ".join(f"{{{escape(author)}}}" for author in cited.authors),
        "title": f"{{{escape(cited.title)}}}",
        "howpublished": escape(cited.dataset),
        "version": escape(cited.version),
        "note": f"Version {escape(cited.version)}, {say_date(cited.released)}",
        "year": str(day.year),
        "month": str(day.month),
        "url": cited.url,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{cited.key},\n{lines}\n}}\n"


def as_ris(cited: Citation) -> str:
    """Return the citation as a record of RIS."""
    lines = [
        ("TY", "DATA"),
        *(("AU", author) for author in cited.authors),
        ("TI", cited.title),
        ("T2", cited.dataset),
        ("ET", f"Version {cited.version}"),
        ("PY", cited.released[:4]),
        ("DA", f"{cited.released.replace('-', '/')}/"),
        ("ID", cited.key),
        ("UR", cited.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(text.split())}\r\n" for tag, text in lines)


def as_csl(cited: Citation) -> str:
    """Return the citation as CSL-JSON: a list of one item."""
    day = date.fromisoformat(cited.released)
    item = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        "container-title": cited.dataset,
        "author": [{"literal": author} for author in cited.authors],
        "version": cited.version,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": cited.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


# By the ending of the address: media type, what it is called, and who writes it.
FORMATS: dict[str, tuple[str, str, Callable[[Citation], str]]] = {
    "txt": ("text/plain", "plain text", as_words),
    "bib": ("application/x-bibtex", "BibTeX", as_bibtex),
    "ris": ("application/x-research-info-systems", "RIS", as_ris),
    "json": ("application/vnd.citationstyles.csl+json", "CSL-JSON", as_csl),
}
