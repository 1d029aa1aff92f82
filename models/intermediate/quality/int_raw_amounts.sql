{{ counted_amounts('stripe', 'charge', 'amount') }}
union all
{{ counted_amounts('stripe', 'refund', 'amount') }}
union all
{{ counted_amounts('stripe', 'invoice', 'amount_paid') }}
