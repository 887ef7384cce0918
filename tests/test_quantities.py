"""The printed figures of the workbook, read as a human reads them."""

from pathlib import Path

import pytest
from quantities import QuantityReader, UnreadableQuantity

LOOKUPS = Path(__file__).resolve().parent.parent / "scripts" / "lookups"
READER = QuantityReader.from_folder(LOOKUPS)


def test_a_range_in_words_and_digits_is_read() -> None:
    quantity = READER.read("zwischen elf und 50 Suchabfragen")
    assert (quantity.minimum, quantity.maximum, quantity.about, quantity.text) == (11, 50, None, "11–50")


def test_an_unknown_word_is_named() -> None:
    with pytest.raises(UnreadableQuantity, match=r"'viele' is not in scripts/lookups/qualifiers\.csv"):
        READER.read("ungefähr viele")
