-- A published total of another list beside what is documented here: of agencies, countries and figures, all or of a country.
create view coverage as
with documented (id, documented, query) as (
  select 'agencies', count(*), '/clearview/agencies' from agencies
  union all
  select 'countries', count(distinct country), '/clearview/countries' from agencies
  union all
  select 'searches', coalesce(sum(searches_min), 0), '/clearview/agencies' from agencies
  union all
  select 'agencies_' || lower(country), count(*), '/clearview/agencies?country=' || country from agencies group by country
  union all
  select 'searches_' || lower(country), coalesce(sum(searches_min), 0), '/clearview/agencies?country=' || country
  from agencies group by country
)
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
