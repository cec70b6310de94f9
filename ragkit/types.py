"""The nouns of ragkit, one frozen type each, in the order in which an answer comes to be.

::

    file → Document → Chunk → vector → Hit → Prompt → Generation → Claim → Verdict → Report → Answer

Offsets are half-open and count characters (Unicode code points) of the text of one *document*, so
that everything can be followed back to a place in a file. Three invariants hold everywhere:

- ``document.text[chunk.start:chunk.end] == chunk.text``
- ``answer.text[claim.start:claim.end] == claim.text``
- ``document.text[evidence.start:evidence.end] == evidence.text``
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Location:
    """Where in its file a piece of text stands, in the file's own terms; what does not apply is None.

    ``page``, ``slide``, ``line``, ``row`` and ``cell`` count from 1. ``line`` is a line of the file,
    ``row`` a record of a table or of a JSON Lines file (the header is not counted), ``cell`` a cell of
    a notebook, ``sheet`` the name of a worksheet, ``headings`` the path of headings from the outermost.
    """

    headings: tuple[str, ...] = ()
    page: int | None = None
    slide: int | None = None
    sheet: str | None = None
    row: int | None = None
    cell: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        """The place in words, such as ``page 3, Travel › Hotels``; ``""`` where nothing is known."""
        parts = [
            f"{name} {value}"
            for name in ("page", "slide", "sheet", "row", "cell", "line")
            if (value := getattr(self, name)) is not None
        ]
        if self.headings:
            parts.append(" › ".join(self.headings))
        return ", ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """The known parts only, ready for JSON; ``headings`` as a list."""
        known: dict[str, Any] = {"headings": list(self.headings)} if self.headings else {}
        for name in ("page", "slide", "sheet", "row", "cell", "line"):
            if (value := getattr(self, name)) is not None:
                known[name] = value
        return known

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> Location:
        """The inverse of :meth:`to_dict`."""
        return cls(**{**known, "headings": tuple(known.get("headings", ()))})


@dataclass(frozen=True, slots=True)
class Mark:
    """From ``start`` (a character of the document's text) to the next mark, ``location`` holds."""

    start: int
    location: Location


def locate(marks: Sequence[Mark], text: str, offset: int, *, text_start: int = 0) -> Location:
    """Find the place of one character.

    Where a mark knows its line, newlines between the mark and the character are counted on, so a loader
    of a line-based format needs only one mark.

    Args:
        marks: In rising order of ``start``.
        text: The text that the marks speak of, or a part of it.
        offset: Character of the document.
        text_start: Offset in the document of ``text[0]``.

    Returns:
        The place; an empty one before the first mark.
    """
    at = bisect_right(marks, offset, key=lambda mark: mark.start) - 1
    if at < 0:
        return Location()
    mark = marks[at]
    if mark.location.line is None:
        return mark.location
    newlines = text.count("\n", max(0, mark.start - text_start), max(0, offset - text_start))
    return replace(mark.location, line=mark.location.line + newlines)


@dataclass(frozen=True, slots=True)
class Document:
    """One loaded source.

    Attributes:
        id: Unique in its corpus; for a file, its ``source``.
        text: What the loader extracted, newlines as ``\\n``. All offsets are into this text.
        source: Where it came from, as the user gave it: a path, a URL or a name.
        title: The document's own title, or ``""``.
        metadata: Facts about the document (author, date, …); JSON values.
        marks: Where its parts stand in the file, in rising order of ``start``.
    """

    id: str
    text: str
    source: str
    title: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()

    def locate(self, offset: int) -> Location:
        """The place of one character of ``text`` in the file."""
        return locate(self.marks, self.text, offset)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that could not be loaded, and why, in a sentence for people; the run went on without it."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A contiguous piece of one document: ``document.text[start:end] == text``.

    Attributes:
        id: Unique in its corpus: document id, start and end.
        document_id: The document it is a piece of.
        source: That document's source.
        start: First character, in the document's text.
        end: One past the last character.
        text: The piece itself.
        context: Title and headings above the piece, which the embedder and the lexical index read
            together with it; never part of an offset.
        marks: The document's marks that apply within the piece.
    """

    id: str
    document_id: str
    source: str
    start: int
    end: int
    text: str
    context: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def location(self) -> Location:
        """The place of the piece's first character in the file."""
        return self.locate(self.start)

    @property
    def embedded_text(self) -> str:
        """The piece below its title and headings: what the embedder and the lexical index read."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    def locate(self, offset: int) -> Location:
        """The place in the file of one character of the document, ``start <= offset <= end``."""
        return locate(self.marks, self.text, offset, text_start=self.start)

    @classmethod
    def cut(cls, document: Document, start: int, end: int, *, context: str = "") -> Chunk:
        """Cut ``document.text[start:end]`` out of a document, with the marks that apply to it."""
        inside = tuple(mark for mark in document.marks if start < mark.start < end)
        first = (Mark(start, document.locate(start)),) if document.marks else ()
        return cls(
            id=f"{document.id}#{start}-{end}",
            document_id=document.id,
            source=document.source,
            start=start,
            end=end,
            text=document.text[start:end],
            context=context,
            marks=first + inside,
        )

    @classmethod
    def whole(cls, document: Document) -> Chunk:
        """A whole document as one chunk, so that an answer can be checked against it."""
        return cls.cut(document, 0, len(document.text))


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found for one question.

    Attributes:
        chunk: What was found.
        score: Higher is better; comparable within one search only.
        rank: Counts from 1.
        probability: That this is the chunk the question asks for, 0 to 1. Over all candidates of a
            search and the null option ("none of them") the probabilities add up to 1.
    """

    chunk: Chunk
    score: float
    rank: int
    probability: float


class Role(StrEnum):
    """Who speaks in a chat message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator is given: the question, its sources, and both of them written as a chat."""

    question: str
    hits: tuple[Hit, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took: tokens read, tokens written, seconds."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


class FinishReason(StrEnum):
    """Why a generator stopped: at the end, at the token limit, or because it found nothing to say."""

    STOP = "stop"
    LENGTH = "length"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Generation:
    """One text that a generator wrote."""

    text: str
    finish_reason: FinishReason
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of some text: ``text_of_which[start:end] == text``, in characters, half-open."""

    start: int
    end: int
    text: str


class ClaimKind(StrEnum):
    """What a statement of an answer is; only assertions and quotes can be checked against sources."""

    ASSERTION = "assertion"
    ABSTENTION = "abstention"
    QUESTION = "question"
    META = "meta"
    OPINION = "opinion"
    CODE = "code"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Claim(Span):
    """One statement of an answer: ``answer.text[start:end] == text``.

    Attributes:
        kind: What sort of statement it is.
        cites: The numbers of its citation marks, such as ``[2]``; counted from 1.
    """

    kind: ClaimKind = ClaimKind.ASSERTION
    cites: tuple[int, ...] = ()


class Relation(StrEnum):
    """What a piece of evidence does to a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Evidence(Span):
    """The words of a source that decided a verdict: ``document.text[start:end] == text``.

    Attributes:
        document_id: The document whose words they are.
        source: That document's source.
        location: Where the words stand in the file.
        relation: Whether they support the claim or contradict it.
        score: How strongly, 0 to 1.
    """

    document_id: str = ""
    source: str = ""
    location: Location = Location()
    relation: Relation = Relation.SUPPORTS
    score: float = 0.0


class FindingCode(StrEnum):
    """What exactly is wrong with a claim."""

    NUMBER_MISMATCH = "number.mismatch"
    DATE_MISMATCH = "date.mismatch"
    UNIT_MISMATCH = "unit.mismatch"
    ENTITY_NEW = "entity.new"
    NEGATION = "negation"
    QUOTE_FABRICATED = "quote.fabricated"
    CITATION_MISSING = "citation.missing"
    FIELD_CONFLICT = "field.conflict"
    BASELESS = "baseless"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check noticed.

    Attributes:
        code: What kind of thing.
        span: The words of the *answer* that it concerns, offsets into the answer.
        message: The finding in a sentence for people.
        expected: What the source says instead, or ``""``.
    """

    code: FindingCode
    span: Span
    message: str
    expected: str = ""


class VerdictLabel(StrEnum):
    """What the sources say about a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checker concluded about one claim.

    Attributes:
        claim: The claim.
        label: The conclusion.
        p_supported: Probability that the sources support the claim, 0 to 1; None if not checked.
        evidence: The words of the sources that decided it, best first.
        findings: What is wrong with the claim, if anything.
        decided_by: The tier that decided: ``verbatim``, ``rules``, ``lexical``, ….
    """

    claim: Claim
    label: VerdictLabel
    p_supported: float | None = None
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    decided_by: str = ""


class Outcome(StrEnum):
    """What a report says of a whole answer."""

    GROUNDED = "grounded"
    PARTLY = "partly"
    UNGROUNDED = "ungrounded"
    ABSTAINED = "abstained"
    NO_CLAIMS = "no_claims"
    NO_SOURCES = "no_sources"


@dataclass(frozen=True, slots=True)
class Report:
    """What a checker found out about one answer.

    Attributes:
        answer: The text that was checked.
        outcome: The whole in one word.
        groundedness: Share of the checkable claims that are supported, 0 to 1; None without any.
        p_hallucinated: Probability that some claim is not supported, 0 to 1; None without any claim.
        verdicts: One per claim, in the order of the answer.
        checker: The name of the checker.
        seconds: How long the check took.
    """

    answer: str
    outcome: Outcome
    groundedness: float | None
    p_hallucinated: float | None
    verdicts: tuple[Verdict, ...]
    checker: str
    seconds: float = 0.0

    @property
    def is_grounded(self) -> bool:
        """Whether there are claims and all of them are supported."""
        return self.outcome is Outcome.GROUNDED


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's checked answer.

    Attributes:
        question: The question, as it was asked.
        text: The answer that is given.
        report: What the checker found out about ``text``.
        hits: The sources that were retrieved, best first.
        generator: The name of the generator that wrote ``text``.
        usage: What all the generating for this answer took.
        notice: Why this text was chosen over what the generator wrote first, or ``""``.
        rejected: The reports on the texts that were not given, in the order in which they were tried.
    """

    question: str
    text: str
    report: Report
    hits: tuple[Hit, ...]
    generator: str
    usage: Usage = Usage()
    notice: str = ""
    rejected: tuple[Report, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The report's outcome."""
        return self.report.outcome

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The statements of the answer, in order."""
        return tuple(verdict.claim for verdict in self.report.verdicts)

    @property
    def is_grounded(self) -> bool:
        """Whether every claim is supported by the sources."""
        return self.report.is_grounded
