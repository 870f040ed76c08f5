"""Cuts a text that comes in pieces at the first of some stop strings. Pure."""

from collections.abc import Sequence


class StopCut:
    """Gives what comes before the first stop string; holds back what may yet turn out to be the start of one.

    SGLang is asked to leave the stop string in, so that text and token ids agree; a caller does not want to see it.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""
        self._is_cut = False

    def feed(self, text: str) -> str:
        """Returns what can be given so far."""
        if self._is_cut:
            return ""
        if not self._stops:
            return text
        whole = self._held + text
        found = [at for stop in self._stops if (at := whole.find(stop)) >= 0]
        if found:
            self._is_cut, self._held = True, ""
            return whole[: min(found)]
        given = len(whole) - self._count_held(whole)
        self._held = whole[given:]
        return whole[:given]

    def finish(self) -> str:
        """Returns what was held back and is no stop string."""
        held, self._held = self._held, ""
        return held

    def _count_held(self, whole: str) -> int:
        longest = max(len(stop) for stop in self._stops) - 1
        for length in range(min(longest, len(whole)), 0, -1):
            if any(stop.startswith(whole[-length:]) for stop in self._stops):
                return length
        return 0
