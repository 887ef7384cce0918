-- The published totals of the whole table, and of the countries of the chosen agencies, beside what is documented here.
select
  coverage.id, coverage.measure, coverage.country, coverage.as_printed,
  case when coverage.country is null then upper(substr(coverage.measure, 1, 1)) || substr(coverage.measure, 2)
    else countries.label || ': ' || coverage.measure end as label,
  coverage.published, coverage.documented, coverage.query,
  published_totals.minimum, published_totals.maximum, published_totals.maximum is null as open
from coverage
join published_totals on published_totals.id = coverage.id
left join countries on countries.id = coverage.country
where coverage.country is null or coverage.country in (select country from chosen)
order by coverage.country is not null, published_totals.rowid
