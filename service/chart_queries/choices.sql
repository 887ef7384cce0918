-- What a small table of agencies can be filtered by: the countries and responses that agencies have.
select 'country' as kind, id, label, sort from countries where id in (select country from agencies)
union all
select 'response', id, label, sort from responses where id in (select response from agencies)
order by kind, sort
