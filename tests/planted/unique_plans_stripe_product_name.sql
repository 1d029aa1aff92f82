-- A second plan for the same product, which would double MRR.
insert into rules.plans by name
select * replace ('Second ' || plan_type as plan_type)
from rules.plans
where stripe_product_name is not null
limit 1;
