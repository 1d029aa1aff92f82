-- OULAD -> the raw contract. Run by map_to_raw.py, which sets the variable `source`
-- (the folder with the Parquet files) and copies the views at the end into files.
--
-- One enrolment (a student in one presentation of one module) becomes a
-- household, its only user and its only member. One row of studentVle (a student
-- on one page on one day) is one event.


-- 1. What is read ------------------------------------------------------------------------

-- The data counts days from the first day of a presentation; this is that day.
create temp table presentations as
from (
    values
        ('2013B', date '2013-02-01'),
        ('2013J', date '2013-10-01'),
        ('2014B', date '2014-02-01'),
        ('2014J', date '2014-10-01')
) as known (code_presentation, day_0);

create temp view registrations as
select
    code_module,
    code_presentation,
    cast(id_student as bigint) as id_student,
    cast(date_registration as integer) as date_registration,
    cast(date_unregistration as integer) as date_unregistration
from read_parquet(getvariable('source') || '/studentRegistration.parquet');

create temp view pages as
select
    code_module,
    code_presentation,
    cast(id_site as bigint) as id_site,
    activity_type
from read_parquet(getvariable('source') || '/vle.parquet');

-- Module and presentation are not in the files: they are the names of their folders.
create temp view interaction_rows as
select
    code_module,
    code_presentation,
    cast(id_student as bigint) as id_student,
    cast(id_site as bigint) as id_site,
    cast("date" as integer) as day_number,
    "filename" as file_name,
    file_row_number
from read_parquet(
    getvariable('source') || '/studentVle_ds/*/*/*.parquet',
    hive_partitioning = true,
    hive_types_autocast = false,
    "filename" = true,
    file_row_number = true
);

-- Where each file begins within its presentation: files by name, rows in the order of the file.
-- (In the published Parquet a presentation is one file, so every offset is 0.)
create temp table interaction_files as
select
    code_module,
    code_presentation,
    file_name,
    count(*) as row_count,
    coalesce(
        sum(count(*)) over (
            partition by code_module, code_presentation
            order by file_name
            rows between unbounded preceding and 1 preceding
        ),
        0
    )::bigint as rows_before
from interaction_rows
group by code_module, code_presentation, file_name;


-- 2. Enrolments and their dates ----------------------------------------------------------

create temp macro enrolment_id(id_student, code_module, code_presentation) as
    concat_ws(':', id_student, code_module, code_presentation);

create temp table enrolments as
with used as (
    select
        code_module,
        code_presentation,
        id_student,
        count(*) as interaction_count,
        min(day_number) as first_day
    from interaction_rows
    group by code_module, code_presentation, id_student
),

dated as (
    select
        registrations.*,
        coalesce(used.interaction_count, 0) as interaction_count,
        -- Born on the day of first use, because people register months ahead and would
        -- count as silent until the course starts. Without any use: registration, but not
        -- before day 0 (an unknown day of registration counts as day 0).
        presentations.day_0
        + coalesce(used.first_day, greatest(registrations.date_registration, 0)) as created_on,
        presentations.day_0 + registrations.date_unregistration as closed_on
    from registrations
    left join presentations using (code_presentation)
    left join used using (code_module, code_presentation, id_student)
)

select
    *,
    enrolment_id(id_student, code_module, code_presentation) as id,
    cast(created_on as timestamp) as created_at,
    cast(closed_on as timestamp) as closed_at,
    -- The only change that the data dates after the start is the withdrawal.
    cast(coalesce(closed_on, created_on) as timestamp) as updated_at,
    -- Over before it began: not a customer on any day.
    coalesce(closed_on < created_on, false) as is_left_out
from dated;


-- 3. Input that cannot be mapped: any row here stops the script ---------------------------

create temp view input_problems as
select format('presentation {} has no known first day', code_presentation) as problem
from (
    select code_presentation from registrations
    union
    select code_presentation from interaction_files
)
where code_presentation not in (select code_presentation from presentations)
union all
select 'an enrolment lacks its student, module or presentation'
from registrations
where id_student is null or code_module is null or code_presentation is null
union all
select format('enrolment {} is more than once in studentRegistration', id)
from enrolments
group by id
having count(*) > 1;


-- 4. The raw tables, under the names of the contract --------------------------------------

create schema app;
create schema product;
create schema meta;

-- `_fivetran_synced`: no connector loaded this data. As for the events, a row is assumed to
-- have arrived with its last change: an enrolment on the day of that change.
create view app.households as
select
    id,
    id as "name",                       -- pseudonymous: the data have no names
    id as owner_user_id,
    'EU' as region,
    created_at,
    closed_at,
    cast(null as varchar) as acquisition_channel,
    updated_at,
    updated_at as _fivetran_synced
from enrolments
where not is_left_out
order by id;

create view app.users as
select
    id,
    cast(null as varchar) as email,     -- not in the data, and none is made up
    id as full_name,
    created_at,
    updated_at as _fivetran_synced
from enrolments
where not is_left_out
order by id;

create view app.household_members as
select
    id,
    id as household_id,
    id as user_id,
    'owner' as "role",
    created_at as joined_at,
    cast(null as timestamp) as left_at,
    updated_at as _fivetran_synced
from enrolments
where not is_left_out
order by id;

-- Interactions of an enrolment that is left out are left out with it (and counted below).
-- An interaction of a student who is not in studentRegistration would be kept: the build
-- puts it into quarantine as unknown_household.
create view product.events as
with kept as (
    select
        interaction_rows.*,
        interaction_files.rows_before + interaction_rows.file_row_number + 1 as place,
        presentations.day_0 + interaction_rows.day_number + time '12:00:00' as noon,
        pages.activity_type
    from interaction_rows
    inner join interaction_files using (code_module, code_presentation, file_name)
    inner join presentations using (code_presentation)
    left join pages using (code_module, code_presentation, id_site)
    anti join (from enrolments where is_left_out) as left_out
        using (code_module, code_presentation, id_student)
)

select
    concat_ws(':', code_module, code_presentation, place) as event_id,
    'feature_used' as event_name,
    noon as occurred_at,                -- the data knows the day only
    noon as received_at,
    enrolment_id(id_student, code_module, code_presentation) as user_id,
    enrolment_id(id_student, code_module, code_presentation) as household_id,
    cast(null as varchar) as pet_id,
    activity_type as feature_name,
    cast(null as varchar) as task_id,
    cast(id_site as varchar) as page,
    noon as _fivetran_synced
from kept
order by noon, code_module, code_presentation, place;

-- No clock is read: the data set is as old as its last interaction, at every run.
create view meta.dataset as
select
    'OULAD, Open University Learning Analytics Dataset (Kuzilek, Hlosta, Zdrahal, '
    || 'Scientific Data 4:170171, 2017; CC BY 4.0)' as "name",
    'live' as kind,
    max(presentations.day_0 + interaction_rows.day_number + time '12:00:00') as generated_at,
    cast(null as bigint) as seed
from interaction_rows
inner join presentations using (code_presentation);


-- 5. What was read and what was left out --------------------------------------------------

create temp view reading as
with files as (
    select coalesce(sum(row_count), 0)::bigint as interactions from interaction_files
),

counted as (
    select
        count(*) as enrolments,
        count(date_unregistration) as enrolments_with_withdrawal,
        count(*) filter (where is_left_out) as left_out,
        count(*) filter (where is_left_out and interaction_count > 0)
            as left_out_with_interactions,
        coalesce(sum(interaction_count) filter (where is_left_out), 0)::bigint
            as interactions_left_out,
        coalesce(sum(interaction_count), 0)::bigint as interactions_enrolled
    from enrolments
)

select
    interactions,
    enrolments,
    enrolments_with_withdrawal,
    left_out,
    left_out_with_interactions,
    interactions_left_out,
    interactions - interactions_enrolled as interactions_not_enrolled
from files
cross join counted;
