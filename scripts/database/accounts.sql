-- How many accounts were summed to an agency, in a dataset whose rows are accounts: in words, and the bounds they allow.
alter table agencies add column accounts text;
alter table agencies add column accounts_min integer;
alter table agencies add column accounts_max integer check (accounts_min <= accounts_max);
