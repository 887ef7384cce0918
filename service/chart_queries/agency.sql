-- The chosen agency, with the word on its use.
select chosen.*, use_statuses.label as use_label
from chosen
join use_statuses on use_statuses.id = chosen.use_status
limit 1
