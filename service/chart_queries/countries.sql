-- The chosen agencies by country, the country with most agencies first.
select
  countries.id, countries.label, count(*) as agencies,
  sum(use_status = 'reported') as reported,
  sum(use_status = 'vendor_claim') as vendor_claim,
  sum(use_status = 'not_reported') as not_reported
from chosen
join countries on countries.id = chosen.country
group by countries.id
order by agencies desc, countries.sort
