"""Somebody who cannot see the page: they hear its accessibility tree, and have nothing but a keyboard."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.serving import wait_until

MOST_STOPS = 150  # of the Tab key on one page
GROUPS = ("group", "radiogroup", "region", "navigation", "main", "banner")
LIVE = ("alert", "status")
SILENT = ("none", "InlineTextBox")
SAID = ("role", "name", "description")


@dataclass
class Node:
    """One entry of the tree, as a screen reader finds it."""

    role: str = ""
    name: str = ""
    description: str = ""
    states: dict[str, Any] = field(default_factory=dict)
    parent: "Node | None" = None

    def __str__(self) -> str:
        states = [name for name in ("checked", "pressed", "expanded") if name in self.states]
        said = [f"{name}: {self.states[name]}" for name in states]
        return " ".join([self.role, f"“{self.name}”", self.description, *said]).strip()

    def inside(self) -> "list[Node]":
        """Return what this is part of, the nearest first."""
        return [self.parent, *self.parent.inside()] if self.parent else []

    def group(self) -> "Node":
        """Return the group that is announced when one comes in here, or none."""
        return next((one for one in self.inside() if one.role in GROUPS), Node())


class ScreenReader:
    """Hears what is on a page, and presses keys. There is no pointer, and no way to ask for a place in it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._session.send("Accessibility.enable")

    def tree(self) -> list[Node]:
        """Return all that can be heard, in its order."""
        entries = self._session.send("Accessibility.getFullAXTree")["nodes"]
        known = {entry["nodeId"]: entry for entry in entries}
        return [node for node in _walk(known, entries[0], None) if node.role not in SILENT]

    def focused(self) -> Node:
        """Return where the keyboard is: the innermost that has the focus."""
        return [Node(), *(node for node in self.tree() if node.states.get("focused"))][-1]

    def text(self) -> str:
        return "\n".join(node.name for node in self.tree() if node.role == "StaticText")

    def live(self) -> list[str]:
        """Return what is said of itself: the text of every region that announces its changes."""
        tree = self.tree()
        return [
            " ".join(one.name for one in tree if one.role == "StaticText" and region in one.inside())
            for region in tree
            if region.role in LIVE or region.states.get("live") in ("polite", "assertive")
        ]

    def press(self, *keys: str) -> Node:
        for key in keys:
            self._page.keyboard.press(key)
        return self.focused()

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def go_to(self, name: str, role: str) -> Node:
        """Press Tab until this has the focus."""
        for _ in range(MOST_STOPS):
            node = self.press("Tab")
            if node.role == role and node.name.startswith(name):
                return node
        pytest.fail(f"Tab never comes to the {role} “{name}”")

    def wait_for_heading(self, name: str) -> None:
        wait_until(lambda: any(node.role == "heading" and node.name.startswith(name) for node in self.tree()))


def _walk(known: dict[str, Any], entry: dict[str, Any], parent: Node | None) -> Iterator[Node]:
    """Yield an entry and all below it, in the order in which they are read; what is ignored says nothing."""
    node = parent
    if not entry.get("ignored"):
        said = {name: str(entry.get(name, {}).get("value", "")) for name in SAID}
        states = {state["name"]: state["value"].get("value") for state in entry.get("properties", [])}
        node = Node(said["role"], said["name"], said["description"], states, parent)
        yield node
    for child in entry.get("childIds", []):
        if child in known:
            yield from _walk(known, known[child], node)
