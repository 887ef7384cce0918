"""What the fork server of running.py reads before the first script: words, names and towns, the same for all runs."""

import gc

from cleaning.countries import read_code
from cleaning.quantities import QuantityReader
from lookups.geonames import all_towns
from lookups.tables import LOOKUPS
from personal_data.person_names import find_names
from personal_data.place_names import towns

QuantityReader.from_folder(LOOKUPS)
assert read_code("Canada") == "CA"
assert [*find_names("Tobias Wrenfield")]
assert len(towns()) < len(all_towns())
gc.freeze()  # else the collector of each run would copy these pages
