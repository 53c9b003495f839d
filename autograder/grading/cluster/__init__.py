"""Hands submissions to the workers of a Dask cluster, which grade them as this machine would.

The driver sends each worker the bundle of a lab once, then one submission at a time; a worker passes it on to
a host, a process that holds a grader ready. docs/scale.md says what a cluster must be trusted with.
"""
