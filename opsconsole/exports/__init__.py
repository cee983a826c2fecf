"""Rows as files: CSV in two profiles, XLSX, JSON Lines, Markdown, each with the audit head beside or in it.

A `Sheet` goes in, bytes come out (`opsconsole.exports.formats`); where they go, and what lies beside them, is
`opsconsole.exports.saving`. Nothing here asks the engine or looks at a clock.
"""
