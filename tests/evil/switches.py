# tests/evil/switches.py -- the switches of evil.c after which the process goes on, and the words of each refusal.
# SPDX-License-Identifier: BSD-3-Clause
RETURNS = {  # what, and what the report says: these are refused in the process that loads them, too
    "entry_empty": "struct_size 0",
    "entry_short": "struct_size 8",
    "entry_of_next_major": r"needs plugin ABI 1\.\d",
    "entry_of_next_minor": r"needs plugin ABI 0\.2",
    "entry_nameless": "no id",
    "entry_without_version": "no version",
    "entry_without_init": "no init",
    "entry_without_factory": "no get_factory",
    "init_fails": "no licence on this machine",
    "init_fails_silently": "init returned status -3",
    "table_empty": "backend table has struct_size 0",
    "table_without_slots": "backend table has no device_count",
    "table_short": "data-source table has struct_size 12",
    "table_flags": "sets flags 0x5",
    "ops_none_counted": "op list has no ops",
    "builder_null": "builder list holds a NULL",
    "builder_nameless": "builder has no name",
}
