"""What runs inside the sandbox, with the student's code: shell, probe and wire format.

This folder is copied into the sandbox as the package ``seqlab_inside``; it imports nothing else of
the project and knows nothing of any lab. Everything it sends is untrusted outside.
"""
