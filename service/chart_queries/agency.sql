-- The chosen agency.
select * from chosen limit 1
