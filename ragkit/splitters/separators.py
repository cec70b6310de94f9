"""Where a text of some kind may be cut, best places first: regular expressions that match the cut's left side.

The orders for Markdown and for programming languages are those of langchain-text-splitters; ragkit adds
sentence ends, which its lists leave out, before single spaces.
"""

from __future__ import annotations

from functools import cache

SENTENCE_END = r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])"

PROSE = (r"\n\s*\n", r"\n", SENTENCE_END, r"(?<=[;:,])\s+", r"\s+", "")

CODE_SUFFIXES = {
    ".c": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cs": "csharp",
    ".ex": "elixir",
    ".exs": "elixir",
    ".go": "go",
    ".h": "c",
    ".hpp": "cpp",
    ".hs": "haskell",
    ".java": "java",
    ".js": "js",
    ".jsx": "js",
    ".kt": "kotlin",
    ".lua": "lua",
    ".mjs": "js",
    ".php": "php",
    ".pl": "perl",
    ".proto": "proto",
    ".ps1": "powershell",
    ".py": "python",
    ".pyi": "python",
    ".rb": "ruby",
    ".rs": "rust",
    ".scala": "scala",
    ".sol": "sol",
    ".swift": "swift",
    ".tex": "latex",
    ".ts": "ts",
    ".tsx": "ts",
}


@cache
def separators_for(suffix: str) -> tuple[str, ...]:
    """The cutting places of a kind of file, best first.

    Args:
        suffix: In lower case with its dot, such as ``.md``; what is not known counts as prose.
    """
    if suffix in (".md", ".markdown"):
        return (r"(?=\n#{1,6} )", r"\n(?=```)|(?<=\n```)\n", *PROSE)
    if suffix not in CODE_SUFFIXES:
        return PROSE
    from langchain_text_splitters import Language, RecursiveCharacterTextSplitter

    of_language = RecursiveCharacterTextSplitter.get_separators_for_language(Language(CODE_SUFFIXES[suffix]))
    # The library cuts before a keyword ("\nclass "); a lookahead does the same and leaves it to the right.
    keywords = tuple(f"(?={pattern})" for pattern in of_language if pattern.strip())
    return (*keywords, r"\n\s*\n", r"\n", r"\s+", "")
