"""``evidence``: what the office has to show for an indicator of an index in a year, as files in one pack.

A source (`opsconsole.cli.evidence.sources`) is what an index names in its file; it makes pieces, each of
which becomes one file, or says why there is nothing.
"""
