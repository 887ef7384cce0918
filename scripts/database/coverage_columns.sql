select
  published_totals.id,
  published_totals.measure,
  published_totals.country,
  published_totals.as_printed,
  coalesce(published_totals.minimum, published_totals.maximum) as published,
  documented.documented,
  coalesce(published_totals.minimum, published_totals.maximum) - documented.documented as missing,
  documented.query
from published_totals
left join documented on documented.id = published_totals.id
order by published_totals.rowid;
