-- What a timeline is of: an agency with the word on its use, or a country.
select agencies.id, name as label, agencies.country, use_status, use_statuses.label as use_label
from agencies join use_statuses on use_statuses.id = agencies.use_status
where agencies.id = :agency and :country = ''
union all
select id, label, id, '', '' from countries where id = :country and :agency = ''
