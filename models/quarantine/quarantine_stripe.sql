{{ quarantined('stripe', ['charge', 'customer', 'invoice', 'price', 'product', 'refund', 'subscription_history']) }}
