-- A ticket that leads to no household.
insert into quarantine.quarantine_zendesk (table_name, row_key, reason) values ('ticket', 'planted', 'unknown_household');
