-- The countries that have agencies, to choose from.
select id, label from countries where id in (select country from agencies) order by sort
