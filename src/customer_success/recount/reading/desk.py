"""The household of a ticket, and which tickets were merged, stated a second time from the definitions."""

from __future__ import annotations

import duckdb

# The status says it too: a ticket in it is gone, and a change to it is no status of one that is there.
DELETED = {
    "zendesk.ticket": "or coalesce(typed.status = 'deleted', false)",
    "zendesk.ticket_field_history": "or coalesce(typed.field_name = 'status'"
    " and typed.\"value\" = 'deleted', false)",
}

# A list of ids, as JSON or with commas between them.
MERGED = """
create table raw_work.merged_tickets as
select distinct trim(unnest(string_split(translate(merged_ticket_ids, '[]"', ''), ','))) as ticket_id
from raw_read.zendesk__ticket
where row_class <> 'later'
"""


def requester_homes(connection: duckdb.DuckDBPyConnection, by_email: bool) -> None:
    """Create raw_work.requester_homes: the memberships of each requester's user of the app, best first.

    Columns requester, first_day, last_day (days at whose end a member), household_id, state, preference (a
    list that sorts). ``by_email``: an app user with the desk user's e-mail address is the same person.
    """
    connection.execute(
        f"""
        create table raw_work.requester_homes as
        with persons as (
            select id as requester, external_id as person, 1 as way from raw_kept.zendesk__user
            union all
            select desk.id, app.id, 2
            from raw_kept.zendesk__user as desk, raw_kept.app__users as app
            where {str(by_email).lower()} and trim(app.email) <> ''
                and lower(trim(desk.email)) = lower(trim(app.email))
        )
        select
            requester,
            joined_at::date as first_day,
            coalesce(left_at::date - 1, date '9999-12-30') as last_day,
            members.household_id,
            if(row_class = 'kept', 'known', 'erased') as state,
            if(coalesce(role = 'owner' or owner_user_id = person, false), 'owner', 'with others') as place,
            [way::varchar, place, members.household_id] as preference
        from persons
        inner join raw_read.app__household_members as members on person = user_id
        left join raw_kept.app__households as homes on homes.id = members.household_id
        where row_class = 'kept' or reason = 'erased_household'
        """
    )


def ticket_home() -> tuple[str, str, str]:
    """Return the household of a ticket, its state, and the joins that lead there.

    The first that leads anywhere: the organisation, the requester's user of the app, as a member on the day
    of the ticket, the requester's organisation.
    """
    found = "coalesce(nullif(own.state, 'unknown'), person.state, nullif(home.state, 'unknown'), 'unknown')"
    household = """case
        when own.state <> 'unknown' then own.household_id
        when person.state is not null then person.household_id
        else home.household_id
    end"""
    joins = """
left join raw_kept.zendesk__user as requester on typed.requester_id = requester.id
left join raw_work.zendesk__organization__state as own on typed.organization_id = own.key
left join raw_work.zendesk__organization__state as home on requester.organization_id = home.key
left join lateral (
    select
        first(homes.household_id order by preference) as household_id,
        first(homes.state order by preference) as state
    from raw_work.requester_homes as homes
    where homes.requester = typed.requester_id and typed.created_at::date between first_day and last_day
) as person on true"""
    return household, found, joins
