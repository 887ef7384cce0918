-- The published totals of which a part is undocumented: the world's first, then country by country.
select
  coverage.id, coverage.measure, coverage.as_printed, coverage.documented, coverage.missing, coverage.query,
  coverage.country, countries.label as country_label,
  published_totals.maximum is null as open, published_totals.minimum is null as at_most,
  case
    when coverage.id like 'searches%' then 'number'
    when coverage.id like 'agencies%' then 'agency'
    when coverage.id = 'countries' then 'country'
    else 'response'
  end as lacks
from coverage
join published_totals on published_totals.id = coverage.id
left join countries on countries.id = coverage.country
where coverage.missing > 0
order by coverage.country is not null, countries.label, published_totals.rowid
