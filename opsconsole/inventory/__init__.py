"""Configuration files in, one typed inventory out.

`load.load` reads a folder and `load.parse` a set of files already read; both give an
`office.Inventory` or raise `Invalid` with every mistake as one located line. `diff.diff` tells two
inventories apart, `warnings.warnings` names what is allowed but worth a look, `schema.schema` is for
editors, `init.init` writes a new office and `edit.add_application` adds to one.
"""
