-- Nothing is offered to a household with an open ticket of severity High or Critical.
-- Red alert (fct_customer_profiles) and at risk (fct_lifecycle_stages) join here.
select household_id from {{ ref('int_growth_open_tickets') }}
