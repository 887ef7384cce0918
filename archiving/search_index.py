"""What the search in the browser is made of: the names of everything that can be found, and the words' meanings."""

from pathlib import Path
from typing import Any

from text_unidecode import unidecode

from service.search_entries import read_entries, read_words

LAST_LETTER = 0x2E80  # behind it stand the signs of Chinese, Japanese and Korean


def write_search(database: Path) -> dict[str, Any]:
    """Return entries with their names, and words with their meanings."""
    labels: dict[str, int] = {}
    entries = [
        [
            entry.id,
            entry.kind,
            entry.title,
            [[name.text, labels.setdefault(name.label, len(labels)), name.weight] for name in entry.names],
        ]
        for entry in read_entries(database)
    ]
    return {
        "labels": list(labels),
        "entries": entries,
        "words": read_words(),
    }


def write_letters() -> list[str]:
    """Return each letter behind ASCII in plain Latin, as the site writes it."""
    return [unidecode(chr(code)) for code in range(0x80, LAST_LETTER)]
