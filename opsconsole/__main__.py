"""``python -m opsconsole`` is the command ``opsconsole``."""

from opsconsole.cli.main import main

raise SystemExit(main())
