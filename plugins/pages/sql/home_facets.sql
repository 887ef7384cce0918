-- The three facets of the agencies: each value, its agencies, the filtered table's address.
select 'country' as facet, countries.id, countries.label, count(*) as agencies, 0 as sort, countries.sort as place
from agencies join countries on countries.id = agencies.country
group by countries.id
union all
select 'agency_type', agency_types.id, agency_types.label, count(*), 0, agency_types.sort
from agencies join agency_types on agency_types.id = agencies.agency_type
group by agency_types.id
union all
select 'response', responses.id, responses.label, count(*), responses.sort, responses.sort
from agencies join responses on responses.id = agencies.response
group by responses.id
order by facet, sort, agencies desc, label
