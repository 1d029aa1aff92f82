-- A product that no plan is known for.
insert into staging.base_stripe__product (id, name, is_later) values ('planted', 'Platinum', false);
