-- How many bodies the list leaves out by its own rules.
select count(*) as bodies from left_out
