"""The household of a referral, and which of several referrals of one household holds."""

from __future__ import annotations

# A household is referred once: the earliest of the rows that hold otherwise.
_WOULD_HOLD = """(
    household_state = 'known' and place = 1 and id is not null
    and not (is_later or is_not_live or is_gone or has_bad_moment or has_bad_value)
)"""
REPEATED = f"""
    referred_household_id is not null and {_WOULD_HOLD}
    and row_number() over (partition by referred_household_id, {_WOULD_HOLD} order by created_at, id) > 1
"""

# Signed up after the last day: not yet known.
REFERRED = """case
    when referred_household_id in (select key from raw_work.app__households__state where state = 'known')
        then referred_household_id
end as referred_household_id"""


def referral_home() -> tuple[str, str, str]:
    """Return the household that referred, the state of the row, and the joins that lead there.

    It is the row's own, else that of the code. A row that names a referred household which is erased, or
    which never existed, is so itself; one that signs up later is not yet there.
    """
    household = """case
        when own.state = 'known' then own.household_id
        when coded.state = 'known' then coded.household_id
    end"""
    gone = "sha256(typed.{}) in (from raw_work.erased)"
    state = f"""case
        when typed.referred_household_id is not null and invited.key is null
            then if({gone.format("referred_household_id")}, 'erased', 'unknown')
        when invited.state = 'unknown' then 'unknown'
        when own.state = 'known' or coded.state = 'known' then 'known'
        when coded.state = 'erased' then 'erased'
        when own.key is null and {gone.format("referrer_household_id")} then 'erased'
        else 'unknown'
    end"""
    joins = """
left join raw_work.app__households__state as own on typed.referrer_household_id = own.key
left join raw_work.app__households__state as invited on typed.referred_household_id = invited.key
left join raw_work.cs__referral_codes__state as coded on typed.referral_code = coded.key"""
    return household, state, joins
