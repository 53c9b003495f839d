"""Proves a lab's hidden tests with right answers, blanks, known mistakes and mutants.

A lab comes in; what holds and what does not goes out. May import all but `autograder.cli`.
"""

from autograder.audit.prove import SEEDS, ExerciseAudit, LabAudit, Proofs, audit_lab
from autograder.audit.table import to_json, to_lines, to_table

__all__ = ["SEEDS", "ExerciseAudit", "LabAudit", "Proofs", "audit_lab", "to_json", "to_lines", "to_table"]
