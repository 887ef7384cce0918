-- Apart from the other numbers: of a long log the count takes a second.
select count(*) as changes from cleaning_log
