-- A published total of another list beside what is documented here: of agencies, countries and figures, all or of a country.
-- Its columns are chosen in coverage_columns.sql.
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
