"""Growth: opportunities, referrals, reviews and advocates of customers, on one page."""
