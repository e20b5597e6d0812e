"""The documents of the project, their code blocks, and the commands inside these."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..engine.stacks import ROOT

HEAD = "import pulumi\nimport pulumi_opendatasoft as ods\n\n"
"""The first lines of every program in a document; the documents mention them once."""

_BLOCK = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SEPARATORS = frozenset({"&&", "||", ";", "|", "&"})
_KEYWORDS = frozenset({"until", "do", "done", "export"})


@dataclass(frozen=True)
class Block:
    """A fenced code block: its document, its line there, its language, and `file` where the fence names one."""

    document: Path
    line: int
    language: str
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def documents() -> list[Path]:
    """Every document that a reader of the project meets."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/README.md")])


def blocks(*languages: str) -> list[Block]:
    """The code blocks of all documents, of these languages if any are named."""
    found = [block for document in documents() for block in _blocks_of(document)]
    return [block for block in found if not languages or block.language in languages]


def _blocks_of(document: Path) -> Iterator[Block]:
    text = document.read_text()
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        file = match[2].strip().removeprefix("file=")
        yield Block(document, line, match[1], file, match[3])


def programs() -> list[Block]:
    """The Python blocks that are whole programs, without the mistakes, which tests/mistakes runs."""
    return [block for block in blocks("python") if not block.file and block.document.name != "mistakes.md"]


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each command of a shell block, without assignments, keywords of the shell and redirections."""
    for line in block.text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word not in _SEPARATORS:
                words.append(word)
                continue
            while words and (words[0] in _KEYWORDS or re.match(r"^\w+=", words[0])):
                words.pop(0)
            if words:
                yield words
            words = []


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as the forge makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}
