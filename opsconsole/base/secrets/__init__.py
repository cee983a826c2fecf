"""Secrets by reference: where each kind is read and written, and how long a value is kept.

A configuration holds references only (`probes.secrets`). Values are read by the process that looks, with
its own account and environment, are kept for minutes, and leave it only towards the target they are for.
"""
