"""The rules of the companies that the tests make, independent of the seeds of the project."""

from __future__ import annotations

import csv

from customer_success.recount.metrics.rules import Rules

VARIABLES = {
    "trailing_days": 90,
    "history_weeks": 104,
    "churn_inactivity_days": 30,
    "adoption_days": 30,
    "adoption_min_features": 3,
    "primary_health_model": "scorecard",
    "zero_decimal_currencies": ["jpy", "krw"],
    "reporting_currency": "usd",
    "lapse_window_days": 30,
}
SEEDS = {
    "plans": """
plan_type,plan_rank,stripe_product_name
Free,0,
Premium,1,Premium
Enterprise,2,Enterprise""",
    "features": """
feature_name,tier
add_pet,core
reminders,advanced
notifications,advanced
photo_uploads,advanced
calendar_sync,premium""",
    "event_features": """
event_name,feature_name
photo_upload,photo_uploads""",
    "subscription_statuses": """
status,is_in_force,is_paying
active,true,true
past_due,true,true
trialing,true,false
canceled,false,false""",
    "stripe_products": """
product,plan_type""",
    "billing_intervals": """
billing_interval,months_numerator,months_denominator
week,52,12
month,1,1
year,1,12""",
    "nps_categories": """
category,min_score,max_score
Detractor,0,6
Passive,7,8
Promoter,9,10""",
    "health_bands": """
health_model,band,min_score,max_score
scorecard,Healthy,80,100
scorecard,At Risk,60,79
scorecard,Unhealthy,40,59
scorecard,Critical,0,39
grades,A,0,100""",
    "ticket_tags": """
tag_pattern,dimension,value
bug,category,bug
urgency_high,urgency,High
urgency_medium,urgency,Medium
urgency_low,urgency,Low
impact_high,impact,High
impact_low,impact,Low""",
    "ticket_levels": """
level,level_rank
High,3
Medium,2
Low,1""",
    "ticket_priorities": """
urgency,impact,priority
High,High,P0
Low,Low,P4
Assumed,Assumed,P3""",
    "zendesk_priorities": """
zendesk_priority,priority
urgent,P0
low,P4""",
    "public_email_domains": """
domain
mail.example""",
    "onboarding_programs": """
program,begins_with,plan_type,length_days
quick_start,signup,,7
success_program,first_day,Enterprise,30""",
    "onboarding_steps": """
program,is_required,criterion,criterion_value,is_first_value
quick_start,true,signup,,false
quick_start,true,event,login,false
quick_start,true,pet,,false
quick_start,true,event,task_completion,true
quick_start,false,member,2,false
success_program,true,engagement,kickoff,false""",
    "ticket_slas": """
priority,resolution_sla_hours
P0,4
P3,48
P4,120""",
}


def rules(variables: dict[str, object] | None = None, **seeds: str) -> Rules:
    """Return these rules, with the given vars or seeds in place of some."""
    texts = SEEDS | seeds
    return Rules(
        variables=VARIABLES | (variables or {}),
        rows={table: list(csv.DictReader(text.strip().splitlines())) for table, text in texts.items()},
    )
