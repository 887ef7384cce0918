-- The names and countries of those that are compared, of the kind asked for.
select id, name, country from agencies where :kind = 'agency' and id in (select value from json_each(:ids))
union all
select id, label, id from countries where :kind = 'country' and id in (select value from json_each(:ids))
