"""The whole path behind one object: index a corpus, ask it, read a checked answer."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ragkit.checkers import create_checker
from ragkit.corpus import Corpus
from ragkit.decoding import PRESETS, DecodingConfig
from ragkit.embedders import create_embedder
from ragkit.errors import BackendUnavailableError, ConfigError
from ragkit.generators import create_generator
from ragkit.loaders.isolation import LoadLimits
from ragkit.prompts import ABSTENTION, build_prompt
from ragkit.retriever import Retriever
from ragkit.settings import Settings
from ragkit.splitters.recursive import RecursiveSplitter
from ragkit.types import Answer, Chunk, FinishReason, Generation, Hit, Prompt, Report, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ragkit.corpus import SyncReport
    from ragkit.protocols import Checker, Embedder, Generator, Splitter

EXTRACTIVE = "extractive"
LANGUAGE_MODEL = "smollm2"
LIKELY = 0.1
"""A language model is given hits whose probability is at least this share of the best one's."""


class RagPipeline:
    """Answers questions from one corpus, every sentence checked against the sources.

    Opening one is quick; models are loaded when they are first needed and then kept.

    Args:
        corpus: What is searched.
        embedder: The one the corpus is embedded with.
        splitter: The one the corpus is split with.
        settings: How to search, generate and check.
    """

    def __init__(self, corpus: Corpus, *, embedder: Embedder, splitter: Splitter, settings: Settings) -> None:
        self.corpus = corpus
        self.embedder = embedder
        self.splitter = splitter
        self.settings = settings
        self.checker: Checker = create_checker(settings.checker)
        self._generators: dict[str, Generator] = {}
        self._retriever = Retriever(
            corpus,
            embedder,
            fusion=settings.fusion,
            dense_weight=settings.dense_weight,
            candidates=settings.candidates,
            logit_scale=settings.logit_scale,
            null_similarity=settings.null_similarity,
        )

    @classmethod
    def from_corpus(
        cls,
        *paths: str | Path,
        index: str | Path | None = None,
        settings: Settings | None = None,
        strict: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> RagPipeline:
        """Make an index equal to files and folders, then open it.

        Args:
            paths: Files and folders of documents.
            index: Folder of the index; None chooses one under ``.ragkit`` by the paths' names.
            settings: How to do it all; the defaults if None.
            strict: Raise if a file cannot be loaded, instead of going on without it.
            progress: Called with a stage, how much is done and how much there is.

        Raises:
            LoadError: A path does not exist, or a file cannot be loaded and ``strict`` is set.
            IndexMismatchError: The index was made with another embedder or splitter.
        """
        settings = settings or Settings()
        folder = Path(index) if index is not None else default_index(paths)
        embedder, splitter = _parts(settings)
        corpus = Corpus.create(folder, embedder=embedder, splitter=splitter)
        pipeline = cls(corpus, embedder=embedder, splitter=splitter, settings=settings)
        pipeline.sync(*paths, strict=strict, progress=progress)
        return pipeline

    @classmethod
    def open(cls, index: str | Path, *, settings: Settings | None = None) -> RagPipeline:
        """Open an index that exists.

        Raises:
            IndexNotFoundError: There is none.
            IndexMismatchError: It was made with another embedder.
        """
        settings = settings or Settings()
        corpus = Corpus.open(index)
        embedder, splitter = _parts(settings)
        return cls(corpus, embedder=embedder, splitter=splitter, settings=settings)

    def __enter__(self) -> RagPipeline:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self.corpus.close()

    def sync(
        self,
        *paths: str | Path,
        strict: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> SyncReport:
        """Make the index equal to files and folders; see ``Corpus.sync``."""
        return self.corpus.sync(
            list(paths),
            embedder=self.embedder,
            splitter=self.splitter,
            limits=LoadLimits(
                timeout_s=self.settings.timeout_s,
                max_memory_mb=self.settings.max_memory_mb,
                max_file_mb=self.settings.max_file_mb,
            ),
            strict=strict,
            progress=progress,
        )

    def search(self, question: str, *, k: int | None = None) -> list[Hit]:
        """The best chunks for a question, best first.

        Args:
            question: Any text.
            k: Hits wanted; the settings' if None.
        """
        return self._retriever.search(question, self.settings.k if k is None else k)

    def check(self, answer: str, sources: Sequence[Chunk] | None = None, *, question: str | None = None) -> Report:
        """Compare any text with sources, claim by claim.

        Args:
            answer: What is checked, whoever wrote it.
            sources: What it may rest on; None searches the corpus for it.
            question: What was asked, if known.
        """
        if sources is None:
            sources = [hit.chunk for hit in self.search(question or answer)]
        return self.checker.check(answer, sources, question)

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        generator: str | Generator | None = None,
        decoding: DecodingConfig | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> Answer:
        """Answer a question from the corpus.

        The generator's text is given if the sources support all of it. If not, the extractive generator's
        is, if they support that; else the answer is that it is not in the sources. ``Answer.notice`` says so.

        Args:
            question: Any text.
            k: Hits to answer from; the settings' if None.
            generator: A name or an object; the settings' if None.
            decoding: How to generate; the settings' if None.
            on_text: Called with pieces of the generator's first text as they come.
        """
        started = time.perf_counter()
        hits = tuple(self.search(question, k=k))
        chunks = [hit.chunk for hit in hits]
        writer = self._generator(generator if generator is not None else self.settings.generator)
        decoding = decoding or decoding_of(self.settings)
        extractive = self._generator(EXTRACTIVE)
        rejected: list[Report] = []
        used = Usage()
        # What the extractive generator finds also tells whether the sources hold an answer at all.
        found = extractive.generate(Prompt(question, hits, ()), decoding)[0] if hits else None
        answerable = found is not None and found.finish_reason is not FinishReason.ABSTAINED
        notice = ""
        for candidate in (writer, extractive) if writer is not extractive else (extractive,):
            if not answerable or found is None:
                break
            generation = found if candidate is extractive else self._write(candidate, question, hits, decoding, on_text)
            used = _sum(used, generation.usage)
            report = self.checker.check(generation.text, chunks, question)
            if report.is_grounded:
                seconds = time.perf_counter() - started
                usage = Usage(used.prompt_tokens, used.completion_tokens, seconds)
                return Answer(question, generation.text, report, hits, candidate.name, usage, notice, tuple(rejected))
            rejected.append(report)
            notice = f"The sources do not support what {candidate.name} wrote; this answer is in their own words."
        notice = (
            "What was written could not be supported by the sources."
            if rejected
            else "The sources hold no passage that answers the question."
        )
        usage = Usage(used.prompt_tokens, used.completion_tokens, time.perf_counter() - started)
        report = self.checker.check(ABSTENTION, chunks, question)
        return Answer(question, ABSTENTION, report, hits, writer.name, usage, notice, tuple(rejected))

    def _write(
        self,
        writer: Generator,
        question: str,
        hits: tuple[Hit, ...],
        decoding: DecodingConfig,
        on_text: Callable[[str], None] | None,
    ) -> Generation:
        # A small model mixes up sources: it is given only those that may well hold the answer.
        likely = [hit for hit in hits if hit.probability >= LIKELY * max(other.probability for other in hits)]
        prompt = build_prompt(question, likely)
        if on_text is None:
            return writer.generate(prompt, decoding)[0]
        started = time.perf_counter()
        pieces = []
        for piece in writer.stream(prompt, decoding):
            on_text(piece)
            pieces.append(piece)
        return Generation("".join(pieces).strip(), FinishReason.STOP, Usage(seconds=time.perf_counter() - started))

    def _generator(self, wanted: str | Generator) -> Generator:
        if not isinstance(wanted, str):
            return wanted
        if wanted not in self._generators:
            if wanted == "auto":
                try:
                    self._generators[wanted] = self._generator(LANGUAGE_MODEL)
                except BackendUnavailableError:
                    self._generators[wanted] = self._generator(EXTRACTIVE)
            else:
                self._generators[wanted] = create_generator(wanted, embedder=self.embedder)
        return self._generators[wanted]


def decoding_of(settings: Settings) -> DecodingConfig:
    """The decoding that settings ask for: a preset, with single values changed.

    Raises:
        ConfigError: There is no such preset or value, or the values contradict each other.
    """
    if settings.preset not in PRESETS:
        raise ConfigError(f"there is no decoding preset {settings.preset!r}", hint=f"choose from {', '.join(PRESETS)}")
    return PRESETS[settings.preset].changed(**settings.decoding)


def default_index(paths: Sequence[str | Path]) -> Path:
    """The folder under ``.ragkit`` where the index of these paths is kept, named after the first of them."""
    resolved = "\n".join(str(Path(path).resolve()) for path in paths)
    name = Path(paths[0]).resolve().name if paths else "empty"
    return Path(".ragkit") / f"{name}-{hashlib.sha256(resolved.encode()).hexdigest()[:8]}"


def _parts(settings: Settings) -> tuple[Embedder, Splitter]:
    embedder = create_embedder(settings.embedder)
    splitter = RecursiveSplitter(embedder, max_tokens=settings.max_tokens, overlap_tokens=settings.overlap_tokens)
    return embedder, splitter


def _sum(a: Usage, b: Usage) -> Usage:
    return Usage(a.prompt_tokens + b.prompt_tokens, a.completion_tokens + b.completion_tokens, a.seconds + b.seconds)
