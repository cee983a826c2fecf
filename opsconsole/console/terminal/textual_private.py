"""What reaches into Textual's private parts, beside the driver; the version is pinned for their sake."""

from typing import Any

from rich.segment import Segments
from textual.app import App

from opsconsole.base.text import safe_text
from opsconsole.console.terminal.driver import WireDriver


def _shown(text: str) -> str:
    """What an error says may be from outside; lines stay lines."""
    return safe_text(text, max(len(text), 1), lines=True)


class CarefulApp(App[None]):
    """An app that shows no local variables when it crashes, and can write to its terminal."""

    def _fatal_error(self) -> None:
        """Textual prints every local variable, and with it whatever was just being handled."""
        from rich.traceback import Traceback  # late: it costs every start 30 ms

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        drawn = [
            segment if segment.text.isprintable() else segment._replace(text=_shown(segment.text))
            for segment in self.console.render(traceback, self.console.options)
        ]
        self._exit_renderables.append(Segments(drawn))
        self._close_messages_no_wait()

    def delay_update(self, delay: float = 0.05) -> None:
        """Nothing: Textual would hold back every change of views, to hide what our driver never sends."""

    def write_control(self, sequence: str) -> None:
        """Write a control sequence to the terminal; nothing where there is none."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def forget_terminal(self) -> None:
        """Have the next frame sent whole."""
        driver: Any = self._driver
        if isinstance(driver, WireDriver):
            driver.forget()

    def stand_on(self, ground: str) -> None:
        """Draw on these colours, as SGR codes; on the terminal's own where there are none."""
        driver: Any = self._driver
        if isinstance(driver, WireDriver):
            driver.stand_on(ground)
