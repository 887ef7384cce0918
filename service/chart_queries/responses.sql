-- The chosen agencies by response, the most telling first.
select
  responses.id, responses.label, count(*) as agencies,
  sum(use_status = 'reported') as reported,
  sum(use_status = 'vendor_claim') as vendor_claim,
  sum(use_status = 'not_reported') as not_reported
from chosen
join responses on responses.id = chosen.response
group by responses.id
order by responses.sort
