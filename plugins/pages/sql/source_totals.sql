-- The published totals that were printed on a page, beside what is documented here.
select coverage.measure, coverage.as_printed, coverage.documented, coverage.query,
  published_totals.minimum, published_totals.maximum, countries.label as country_label
from coverage
join published_totals on published_totals.id = coverage.id
left join countries on countries.id = coverage.country
where published_totals.source = :source
order by published_totals.rowid
