"""Runs inside the sandbox, with the student's code: fork server, shell, probe and wire format.

This folder is copied into the sandbox as the package ``seqlab_inside``; it imports nothing else of
the project and knows nothing of any lab. Outside, nothing that it sends is trusted.
"""
