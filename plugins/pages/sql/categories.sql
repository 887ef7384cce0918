-- Every category with its meaning, for the page on the method.
select 'use_statuses' as category, 1 as place, id, label, description, sort from use_statuses
union all select 'responses', 2, id, label, description, sort from responses
union all select 'listings', 3, id, label, description, sort from listings
union all select 'figure_origins', 4, id, label, description, sort from figure_origins
union all select 'licences', 5, id, label, description, sort from licences
union all select 'agency_types', 6, id, label, description, sort from agency_types
union all select 'search_bands', 7, id, label, description, sort from search_bands
order by place, sort
