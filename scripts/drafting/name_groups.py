"""Names grouped by likeness: which of them may be other spellings of one agency, for a person to decide."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz, process
from text_unidecode import unidecode
from tqdm import tqdm

SPELT_OUT = {"pd": "police department", "so": "sheriffs office", "dept": "department", "univ": "university"}
# From this likeness (rapidfuzz, of 100) on, two names of one country are suggested as one agency.
LIKE = 90


def spell_out(name: str) -> str:
    """Return a name in plain small letters, its words in order, usual abbreviations spelt out."""
    words = re.sub(r"[^\w\s]", "", unidecode(name).casefold()).split()
    return " ".join(sorted(" ".join(SPELT_OUT.get(word, word) for word in words).split()))


def group_names(names: Counter[tuple[str, str]]) -> Iterator[tuple[str, str, str, float]]:
    """Yield each name with its country's code, the name it is taken to be another spelling of, and the likeness."""
    plain = {name: spell_out(name) for name, _ in names}
    common = Counter(word for text in plain.values() for word in set(text.split()))
    often = {word for word, count in common.items() if count > max(5, len(plain) / 50)}
    by_country: dict[str, list[str]] = defaultdict(list)
    for name, code in sorted(names, key=lambda key: (-names[key], key)):
        by_country[code].append(name)
    with tqdm(total=len(names), unit=" names", delay=2) as bar:
        for code in sorted(by_country):
            agencies: dict[str, str] = {}
            for name in by_country[code]:
                agency, score = find_like(plain[name], agencies, often)
                agencies.setdefault(plain[name], name)
                yield name, code, agency or name, score
                bar.update()


def find_like(text: str, agencies: dict[str, str], often: set[str]) -> tuple[str, float]:
    """Return the agency most like a name and the likeness: as a whole, and in the words that few names have."""
    if text in agencies:
        return agencies[text], 100.0
    own = [word for word in text.split() if word not in often]
    for known, score, _ in process.extract(text, agencies.keys(), scorer=fuzz.ratio, score_cutoff=LIKE, limit=5):
        if fuzz.ratio(" ".join(own), " ".join(word for word in known.split() if word not in often)) >= LIKE:
            return agencies[known], score
    return "", 100.0
