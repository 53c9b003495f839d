import sys

# jsonschema takes this package along where it is installed, for a format that no notebook uses: its
# grammar alone takes longer to load than all the rest of nbgrader.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
