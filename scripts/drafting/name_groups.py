"""Names grouped by likeness: which of them may be other spellings of one body, for a person to decide."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz, process
from text_unidecode import unidecode
from tqdm import tqdm

SPELT_OUT = {"pd": "police department", "so": "sheriffs office", "dept": "department", "univ": "university"}
# From this likeness (rapidfuzz, of 100) on, two names of one country are suggested as one body.
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
            bodies: dict[str, str] = {}
            for name in by_country[code]:
                body, score = find_like(plain[name], bodies, often)
                bodies.setdefault(plain[name], name)
                yield name, code, body or name, score
                bar.update()


def find_like(text: str, bodies: dict[str, str], often: set[str]) -> tuple[str, float]:
    """Return the body most like a name and the likeness: as a whole, and in the words that few names have."""
    if text in bodies:
        return bodies[text], 100.0
    own = [word for word in text.split() if word not in often]
    for known, score, _ in process.extract(text, bodies.keys(), scorer=fuzz.ratio, score_cutoff=LIKE, limit=5):
        if fuzz.ratio(" ".join(own), " ".join(word for word in known.split() if word not in often)) >= LIKE:
            return bodies[known], score
    return "", 100.0
