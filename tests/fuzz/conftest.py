"""How long Hypothesis looks: `--hypothesis-profile long` for `make fuzz`, else a few."""

from hypothesis import HealthCheck, settings

EVERY = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("short", max_examples=60, derandomize=True, stateful_step_count=20, **EVERY)
settings.register_profile("long", max_examples=20_000, stateful_step_count=40, print_blob=True, **EVERY)
settings.load_profile("short")
