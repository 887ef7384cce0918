"""The words of the dataset that is served or exported, from the file with the words of its site."""

from dataset.words import OURS, Sample, Words

from exports.data_dictionary import read_metadata


def read_words() -> Words:
    """Return the dataset's words; ours where the file gives none of its own."""
    own = read_metadata()["plugins"].get("site", {}).get("words")
    if own is None:
        return OURS
    return Words(own["database"], own["one"], own["many"], Sample(**own["sample"]) if own["sample"] else None)


WORDS = read_words()
