"""The commands: every verb of ``opsconsole``, its arguments, what it prints and what it ends with."""
