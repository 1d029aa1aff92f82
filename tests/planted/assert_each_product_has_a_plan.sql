-- A product without a plan.
insert into staging.base_stripe__product (id, name, row_class, is_readable) values ('planted', 'Platinum', 'staged', true);
