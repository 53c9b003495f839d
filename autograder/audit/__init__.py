"""Proves the hidden tests of a lab: what is right scores all, what is blank nothing, what is wrong less."""

from autograder.audit.prove import SEEDS, ExerciseAudit, LabAudit, Proofs, audit_lab
from autograder.audit.table import to_json, to_lines, to_table

__all__ = ["SEEDS", "ExerciseAudit", "LabAudit", "Proofs", "audit_lab", "to_json", "to_lines", "to_table"]
