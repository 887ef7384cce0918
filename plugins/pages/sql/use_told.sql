-- How many of an agency's reports tell of use, give the vendor's word alone, or tell of none.
select
  count(*) as reports,
  sum(use_status = 'reported') as use_reported,
  sum(use_status = 'vendor_claim') as vendor_claim,
  sum(use_status = 'not_reported') as not_reported
from reports
where agency = :agency
