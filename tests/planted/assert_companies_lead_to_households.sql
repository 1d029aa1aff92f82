-- A company of the CRM that leads to no household.
insert into quarantine.quarantine_hubspot (table_name, row_key, reason) values ('company', 'planted', 'unknown_household');
