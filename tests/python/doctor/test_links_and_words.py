"""How many customers, tickets and companies lead to a household, and which words no rule knows."""

from __future__ import annotations

import pytest
from company import kinds, look, of_kind, whole, write
from harness import REPOSITORY

from customer_success.doctor.contract import read_absent, read_contract
from customer_success.doctor.project import Project, seed_line
from customer_success.doctor.words import Words, known_words, read_words


def linked(report) -> dict[tuple[str, str], int]:
    return {(link.things, link.by): link.linked for link in report.links}


def test_the_sound_company_is_linked_by_what_comes_first(tmp_path):
    report = look(write(tmp_path, whole()))
    assert linked(report) == {
        ("customers", "metadata.household_id"): 1,
        ("customers", "metadata.householdId"): 0,
        ("customers", "metadata.external_id"): 0,
        ("customers", "no household"): 0,
        ("tickets", "organization.external_id"): 1,
        ("tickets", "user.external_id"): 0,
        ("tickets", "user.email"): 0,
        ("tickets", "requester's organization"): 0,
        ("tickets", "no household"): 0,
        ("companies", "household_id"): 1,
        ("companies", "domain of one user"): 0,
        ("companies", "no household"): 0,
        ("paying customers", "no household"): 0,
    }
    assert report.households == {"all": 1, "stripe": 1, "desk": 1, "crm": 1}


@pytest.mark.parametrize("key", ["householdId", "external_id"])
def test_further_keys_of_the_metadata_link(key, tmp_path):
    tables = whole()
    tables["stripe.customer"][0]["metadata"] = f'{{"{key}": "h1"}}'
    report = look(write(tmp_path, tables))
    assert linked(report)["customers", f"metadata.{key}"] == 1
    assert "no_household" not in kinds(report)


@pytest.mark.parametrize(
    ("cells", "by"),
    [
        ({"external_id": "u1", "organization_id": "", "email": ""}, "user.external_id"),
        ({"external_id": "", "organization_id": "o1", "email": ""}, "requester's organization"),
    ],
)
def test_a_ticket_without_organisation_is_linked_by_its_requester(cells, by, tmp_path):
    tables = whole()
    tables["zendesk.ticket"][0]["organization_id"] = ""
    tables["zendesk.user"][0].update(cells)
    report = look(write(tmp_path, tables))
    assert linked(report)["tickets", by] == 1
    assert "no_household" not in kinds(report)


@pytest.mark.parametrize("is_on", [False, True])
def test_an_address_links_only_where_the_var_says_so(is_on, tmp_path):
    tables = whole()
    tables["zendesk.ticket"][0]["organization_id"] = ""
    tables["zendesk.user"][0]["organization_id"] = ""
    report = look(write(tmp_path, tables), link_by_email=is_on)
    assert linked(report)["tickets", "user.email"] == 1
    assert ("no_household" in kinds(report)) is not is_on


@pytest.mark.parametrize("is_on", [False, True])
def test_a_domain_links_only_where_the_var_says_so(is_on, tmp_path):
    tables = whole()
    tables["hubspot.company"][0] |= {"household_id": "", "property_domain": "firm.test"}
    report = look(write(tmp_path, tables), link_by_domain=is_on)
    assert linked(report)["companies", "property_domain of one user"] == 1
    assert ("no_household" in kinds(report)) is not is_on


def test_a_property_of_the_company_links(tmp_path):
    tables = whole()
    tables["hubspot.company"][0] |= {"household_id": "", "property_account": "h1"}
    report = look(write(tmp_path, tables), hubspot_household_property="property_account")
    assert linked(report)["companies", "property_account"] == 1


@pytest.mark.parametrize("cells", [{"_fivetran_deleted": "true"}, {"livemode": "false"}])
def test_what_is_deleted_or_a_test_needs_no_household_and_no_plan(cells, tmp_path):
    tables = whole()
    tables["stripe.customer"].append({"id": "c2", "metadata": "{}"} | cells)
    tables["stripe.customer"][0] |= dict.fromkeys(cells, "")
    tables["stripe.subscription_history"].append(
        tables["stripe.subscription_history"][0]
        | {"id": "s2", "customer_id": "c2", "price_id": "gone"}
        | cells
    )
    tables["stripe.subscription_history"][0] |= dict.fromkeys(cells, "")
    report = look(write(tmp_path, tables))
    assert not {"no_household", "paying_without_household", "price_not_there"} & kinds(report)
    assert linked(report)["customers", "metadata.household_id"] == 1


def test_a_key_that_is_read_already_is_not_suggested(tmp_path):
    tables = whole()
    tables["stripe.customer"][0]["metadata"] = '{"our id": "h1"}'
    folder = write(tmp_path, tables)
    assert "our id" in of_kind(look(folder), "household_key").action
    assert "household_key" not in kinds(look(folder, stripe_household_keys=["our id"]))


def test_an_unmapped_product_comes_with_the_line_to_paste(tmp_path):
    tables = whole()
    tables["stripe.product"][0]["name"] = "Team, large"
    report = look(write(tmp_path, tables))
    assert "Team, large (p1, 1)" in of_kind(report, "unmapped_product").message
    (line,) = report.seed_lines
    assert '"Team, large"' in line.line or "p1" in line.line
    assert (REPOSITORY / line.file).read_text(encoding="utf-8").startswith(line.header)


@pytest.mark.parametrize("cells", [{"unit_amount": "0"}, {"type": "one_time"}])
def test_a_product_without_a_recurring_charge_needs_no_plan(cells, tmp_path):
    tables = whole()
    tables["stripe.product"][0]["name"] = "Team"
    tables["stripe.price"][0] |= cells
    assert "unmapped_product" not in kinds(look(write(tmp_path, tables)))


def test_items_and_older_plans_lead_to_products(tmp_path):
    tables = whole()
    tables["stripe.subscription_history"][0]["price_id"] = ""
    tables["stripe.subscription_item"] = [{"id": "i1", "subscription_id": "s1", "plan_id": "old"}]
    tables["stripe.plan"] = [{"id": "old", "product_id": "p9", "amount": "900"}]
    report = look(write(tmp_path, tables))
    assert "no name (p9, 1)" in of_kind(report, "unmapped_product").message
    assert not {"no_price", "price_not_there"} & kinds(report)


@pytest.mark.parametrize("has_rates", [False, True])
def test_a_currency_with_rates_is_known(has_rates, tmp_path):
    tables = whole()
    tables["stripe.price"][0]["currency"] = "EUR"
    if has_rates:
        tables["meta.fx_rates"] = [{"currency": "eur", "date": "2026-01-05", "rate": "1.1"}]
    assert ("unknown_word" in kinds(look(write(tmp_path, tables)))) is not has_rates


@pytest.mark.parametrize(
    ("table", "column", "word", "is_known"),
    [
        ("survey.response", "survey_type", "nps", True),
        ("survey.response", "survey_type", "Mood", False),
        ("app.households", "region", "eu", True),
        ("app.households", "region", "Antarctica", False),
        ("app.household_members", "role", "Owner", True),
        ("app.household_members", "role", "guest", False),
        ("stripe.subscription_history", "status", "ACTIVE", True),
        ("stripe.subscription_history", "status", "resting", False),
    ],
)
def test_words_are_compared_without_case_and_shown_as_they_are(table, column, word, is_known, tmp_path):
    tables = whole()
    tables[table][0][column] = f" {word} "
    unknown = [(value.table, value.column, value.word) for value in look(write(tmp_path, tables)).unknown]
    assert unknown == ([] if is_known else [(table, column, word)])


def test_each_known_word_can_be_read():
    project = Project(REPOSITORY, {"reporting_currency": "usd"} | _variables())
    for words in read_words():
        assert known_words(words, project, set()), words


def test_a_seed_that_is_not_there_says_nothing(tmp_path):
    project = Project(tmp_path, {})
    assert known_words(Words("a.b", "c", "", "seed none.c", ""), project, set()) is None
    assert known_words(Words("a.b", "c", "", "seed none.c else list x y", ""), project, set()) == {"x", "y"}
    assert seed_line(project, "none", {}) is None


def test_each_table_and_optional_column_says_what_is_unknown_without_it():
    absent = read_absent()
    for table in read_contract(REPOSITORY):
        assert (table.full, "") in absent, table.full
        for column in table.columns:
            named = {(table.full, column.name), ("*", column.name)}
            assert not column.optional or named & set(absent), f"{table.full}.{column.name}"
    assert all(row.unknown and row.reason for row in absent.values())


def test_words_are_of_columns_of_the_contract():
    contract = {(table.full, column.name) for table in read_contract(REPOSITORY) for column in table.columns}
    assert {(words.table, words.column) for words in read_words()} <= contract


def _variables() -> dict:
    from customer_success.doctor.project import read_project

    return read_project(REPOSITORY, {}).variables
