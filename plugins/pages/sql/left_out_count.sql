-- How many agencies the list leaves out by its own rules.
select count(*) as agencies from left_out
