-- How many agencies of a country gave each response, the most telling first; 0 where none did.
select responses.label, count(agencies.id) as agencies
from responses
left join agencies on agencies.response = responses.id and agencies.country = :country
group by responses.id
order by responses.sort
