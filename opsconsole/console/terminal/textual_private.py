"""The one place that reaches into Textual's private parts; the version is pinned for its sake."""

from typing import Any

from rich.segment import Segments
from textual.app import App

from opsconsole.console.terminal.driver import WireDriver


class CarefulApp(App[None]):
    """An app that shows no local variables when it crashes, and can write to its terminal."""

    def _fatal_error(self) -> None:
        """Textual prints every local variable, and with it whatever was just being handled."""
        from rich.traceback import Traceback  # late: it costs every start 30 ms

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()

    def write_control(self, sequence: str) -> None:
        """Write a control sequence to the terminal; nothing where there is none."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def forget_terminal(self) -> None:
        """Have the next frame sent whole."""
        driver: Any = self._driver
        if isinstance(driver, WireDriver):
            driver.forget()
