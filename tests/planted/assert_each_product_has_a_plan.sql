-- A product without a plan.
insert into staging.base_stripe__product (id, name, is_later) values ('planted', 'Platinum', false);
