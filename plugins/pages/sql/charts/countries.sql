-- The chosen bodies by country, the country with most bodies first.
select
  countries.id, countries.label, count(*) as bodies,
  sum(use_status = 'reported') as reported,
  sum(use_status = 'vendor_claim') as vendor_claim,
  sum(use_status = 'not_reported') as not_reported
from chosen
join countries on countries.id = chosen.country
group by countries.id
order by bodies desc, countries.sort
