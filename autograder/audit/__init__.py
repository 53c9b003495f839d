"""Proves a lab's hidden tests: a lab and its answers come in; what holds and what does not goes out.

Right answers must score full marks, blank ones nothing, and every mistake and mutant must lose points. May
import all but `autograder.cli`.
"""

from autograder.audit.prove import SEEDS, ExerciseAudit, LabAudit, Proofs, audit_lab
from autograder.audit.table import to_json, to_lines, to_table

__all__ = ["SEEDS", "ExerciseAudit", "LabAudit", "Proofs", "audit_lab", "to_json", "to_lines", "to_table"]
