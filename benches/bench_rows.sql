-- Made-up agencies for the bench: each is a copy of a real row under a name and an identifier that say so.
with recursive numbers (n) as (
  select 0
  union all
  select n + 1 from numbers where n < :wanted - (select count(*) from agencies)
),
models as (
  select row_number() over (order by id) - 1 as place, count(*) over () as models, agencies.* from agencies
)
insert into agencies
select
  'made-up-' || numbers.n, 'Made-up agency ' || numbers.n, null, country, agency_type, locality, region, latitude,
  longitude, use_status, listing, searches, searches_min, searches_max, searches_about, searches_band, searches_basis,
  figures_conflict, response, response_2021, licence, report_count, source_count, first_reported, last_reported,
  'Made-up ' || numbers.n, country_name
from numbers
join models on models.place = numbers.n % models.models
where numbers.n > 0
