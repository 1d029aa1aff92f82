"""What the screen shows of a failure, on messages as dbt-core 1.11 and dbt-duckdb 1.11 leave them."""

from __future__ import annotations

import pytest

from customer_success.publish.dbt_message import LONGEST, shown_message

PYTHON = (
    "Runtime Error in model ml_churn_run (python_models/churn/ml_churn_run.py)\n  Python model failed:\n"
    "  Traceback (most recent call last):\n"
    '    File "/tmp/tmp0pi7j8u1.py", line 6, in model\n      {}["x"]\n      ~~^^^^^\n  KeyError: \'x\'\n  \n'
    "  During handling of the above exception, another exception occurred:\n  \n"
    "  Traceback (most recent call last):\n"
    '    File "/p/dbt/adapters/duckdb/environments/__init__.py", line 286, in run_python_job\n'
    "      df = module.model(dbt, con)\n           ^^^^^^^^^^^^^^^^^^^^^^\n"
    '    File "/tmp/tmp0pi7j8u1.py", line 2, in deep\n'
    '      raise ValueError("no rows of label True:\\n  found 0 of 12")\n'
)
MESSAGES = {
    "an exception of a Python model": (
        PYTHON + "  ValueError: no rows of label True\n  ",
        "ValueError: no rows of label True",
    ),
    "an exception of two lines": (
        PYTHON + "  ValueError: no rows of label True:\n    found 0 of 12\n  ",
        "ValueError: no rows of label True: found 0 of 12",
    ),
    "the race of imports": (
        PYTHON
        + "  _frozen_importlib._DeadlockError: deadlock detected by _ModuleLock('narwhals.stable.v1')\n",
        "_frozen_importlib._DeadlockError: deadlock detected by _ModuleLock('narwhals.stable.v1')",
    ),
    "SQL within a Python model": (
        PYTHON + '  _duckdb.BinderException: Binder Error: Referenced column "x" not found in FROM clause!\n'
        '  Candidate bindings: "a"\n  ',
        '_duckdb.BinderException: Binder Error: Referenced column "x" not found in FROM clause!'
        ' Candidate bindings: "a"',
    ),
    "SQL that fails on a value": (
        "Runtime Error in model m (models/m.sql)\n"
        "  Conversion Error: Could not convert string 'x0' to INT32\n"
        "  \n  LINE 10:        select cast('x' || range as integer) as n from range(3)\n                 ^",
        "Conversion Error: Could not convert string 'x0' to INT32"
        " LINE 10: select cast('x' || range as integer) as n from range(3)",
    ),
    "SQL without its table": (
        "Runtime Error in model m (models/m.sql)\n"
        "  Catalog Error: Table with name no_such_table does not exist!\n"
        '  Did you mean "pg_tables"?\n  \n  LINE 5:     select * from no_such_table\n                      ^',
        'Catalog Error: Table with name no_such_table does not exist! Did you mean "pg_tables"?'
        " LINE 5: select * from no_such_table",
    ),
    "too little memory": (
        "Runtime Error in model m (models/m.sql)\n"
        "  Out of Memory Error: failed to allocate data of size 16.0 MiB"
        " (18.5 MiB/19.0 MiB used)\n  \n  Possible solutions:\n  * Reducing the number of threads",
        "Out of Memory Error: failed to allocate data of size 16.0 MiB (18.5 MiB/19.0 MiB used)",
    ),
    "a constraint": (
        "Runtime Error in model m (models/m.sql)\n"
        "  Constraint Error: NOT NULL constraint failed: m__dbt_tmp.a",
        "Constraint Error: NOT NULL constraint failed: m__dbt_tmp.a",
    ),
    "a contract": (
        "Compilation Error in model m (models/m.sql)\n  This model has an enforced contract that failed.\n"
        "  Please ensure the name, data_type, and number of columns in your contract match the columns in"
        " your model's definition.\n  \n"
        "  | column_name | definition_type | contract_type | mismatch_reason    |\n"
        "  | ----------- | --------------- | ------------- | ------------------ |\n"
        "  | a           | INTEGER         | VARCHAR       | data type mismatch |\n  \n  \n"
        "  > in macro assert_columns_equivalent (macros/relations/column/columns_spec_ddl.sql)\n"
        "  > called by model m (models/m.sql)",
        "This model has an enforced contract that failed."
        " | column_name | definition_type | contract_type | mismatch_reason |"
        " | a | INTEGER | VARCHAR | data type mismatch |",
    ),
    "what a macro says": (
        "Compilation Error in model m (models/m.sql)\n  what a macro says,\n    on two lines",
        "what a macro says, on two lines",
    ),
    "a test": (
        "Got 3 results, configured to fail if != 0",
        "Got 3 results, configured to fail if != 0",
    ),
    "a unit test, in colour": (
        "\n\n\x1b[32mactual\x1b[0m differs from \x1b[31mexpected\x1b[0m:\n\n\x1b[0;1m@@\x1b[0m "
        "\x1b[33m,\x1b[0m\x1b[0;1ma\x1b[0m\r\n"
        "   \x1b[33m,\x1b[0m1\r\n\x1b[32;1m+++\x1b[0m\x1b[33m,\x1b[0m"
        "\x1b[32;1m1\x1b[0m\r\n"
        "\x1b[31;1m---\x1b[0m\x1b[33m,\x1b[0m\x1b[31;1m2\x1b[0m\r\n\n",
        "actual differs from expected: @@ ,a ,1 +++,1 ---,2",
    ),
    "a node that was skipped": (None, ""),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_useful_part_is_shown(kind):
    message, shown = MESSAGES[kind]
    assert shown_message(message) == shown


def test_what_is_too_long_is_cut_visibly():
    shown = shown_message("x" * (LONGEST + 1))
    assert len(shown) == LONGEST and shown.endswith("…")
