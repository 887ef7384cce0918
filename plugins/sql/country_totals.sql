select measure, as_printed, published, documented, missing, query
from coverage
where country = :country
