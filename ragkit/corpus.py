"""The folder of an index: what is in it, how it is made equal to its sources, committed and opened.

An index is a folder with two files. ``corpus.sqlite`` is the truth: manifest, documents, chunks, vectors and the
lexical index, changed in one transaction. ``vectors-….faiss`` is derived from it, never changed after it is
written, named and checksummed by that same transaction; lost or damaged, it is built again from the stored vectors.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ragkit.errors import IndexFormatError, IndexMismatchError, IndexNotFoundError, LoadError, VectorIndexError
from ragkit.indexes import create_index, load_index
from ragkit.lexical import LexicalIndex
from ragkit.loaders import find_files
from ragkit.loaders.isolation import LoadLimits, load_isolated
from ragkit.types import Chunk, Document, Location, Mark, Quarantined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ragkit.protocols import Embedder, Splitter, VectorIndex

FORMAT = 1
DATABASE = "corpus.sqlite"

SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, metadata TEXT NOT NULL,
    marks TEXT NOT NULL, digest TEXT NOT NULL
);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents(id), start INTEGER NOT NULL,
    end INTEGER NOT NULL, context TEXT NOT NULL, marks TEXT NOT NULL, digest TEXT NOT NULL, vector BLOB NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX chunks_of_document ON chunks(document_id);
CREATE INDEX chunks_by_digest ON chunks(digest);
CREATE TABLE quarantined (source TEXT PRIMARY KEY, reason TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What making an index equal to its sources did.

    Attributes:
        added: Sources that are new in the index.
        changed: Sources whose content is no longer what it was.
        deleted: Sources that are gone.
        unchanged: How many sources stayed as they were.
        quarantined: Files that could not be loaded, with the reasons.
        chunks: Chunks in the index now.
        embedded: Chunks whose vectors had to be computed.
        seconds: How long it took.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: int = 0
    quarantined: tuple[Quarantined, ...] = ()
    chunks: int = 0
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index describes itself.

    Attributes:
        format: Number of the layout on disk.
        ragkit: Version that wrote it last.
        embedder: Fingerprint of the embedder.
        dim: Width of a vector.
        splitter: Fingerprint of the splitter.
        documents: How many.
        chunks: How many.
        quarantined: How many files could not be loaded.
        roots: The paths that the index mirrors, as they were given.
        vectors_file: Name of the file of the vector index, or ``""`` while there are no chunks.
        vectors_sha256: Digest of that file.
    """

    format: int
    ragkit: str
    embedder: str
    dim: int
    splitter: str
    documents: int = 0
    chunks: int = 0
    quarantined: int = 0
    roots: tuple[str, ...] = ()
    vectors_file: str = ""
    vectors_sha256: str = ""


class Corpus:
    """An open index.

    Searching reads a snapshot that was taken when it was opened or last synced; another process may write meanwhile.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection
        self.lexical = LexicalIndex(connection)
        self._rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.manifest = self._read_manifest()
        self.index: VectorIndex = create_index("faiss", self.manifest.dim)
        self._refresh()

    @classmethod
    def open(cls, folder: str | Path) -> Corpus:
        """Open an index that exists.

        Raises:
            IndexNotFoundError: There is none in this folder.
            IndexFormatError: It is damaged, or a newer ragkit wrote it.
        """
        folder = Path(folder)
        if not (folder / DATABASE).is_file():
            raise IndexNotFoundError(f"there is no index in {folder}", hint=f"ragkit index FOLDER --index {folder}")
        with _translated(folder):
            return cls(folder, _connect(folder))

    @classmethod
    def create(cls, folder: str | Path, *, embedder: Embedder, splitter: Splitter) -> Corpus:
        """Make an empty index, or open the one that is there if it was made with the same embedder and splitter.

        Raises:
            IndexMismatchError: It was made with another embedder or splitter.
            VectorIndexError: The folder cannot be written.
        """
        folder = Path(folder)
        if not (folder / DATABASE).is_file():
            with _translated(folder):
                folder.mkdir(parents=True, exist_ok=True)
                _create_database(folder, embedder, splitter)
        corpus = cls.open(folder)
        corpus.require(embedder=embedder.fingerprint, splitter=splitter.fingerprint)
        return corpus

    def require(self, **fingerprints: str) -> None:
        """Insist that the index was made with these parts (``embedder=…``, ``splitter=…``).

        Raises:
            IndexMismatchError: It was not.
        """
        for part, got in fingerprints.items():
            expected = getattr(self.manifest, part)
            if got != expected:
                raise IndexMismatchError(
                    f"the index in {self.folder} was made with the {part} [{expected}], this run uses [{got}]",
                    expected=expected,
                    got=got,
                    hint="use the same settings, or build a new index in another folder (--index)",
                )

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def __len__(self) -> int:
        return self.manifest.chunks

    def digests(self) -> dict[str, str]:
        """Content digest of every source, quarantined files included."""
        query = "SELECT source, digest FROM documents UNION ALL SELECT source, digest FROM quarantined"
        return dict(self._connection.execute(query))

    def sources(self) -> list[tuple[str, str, int, int]]:
        """Source, title, characters and chunks of each document, by source."""
        query = """
            SELECT source, title, length(text), (SELECT count(*) FROM chunks WHERE document_id = documents.id)
            FROM documents ORDER BY source
        """
        return self._connection.execute(query).fetchall()

    def quarantined(self) -> list[Quarantined]:
        """Files that could not be loaded, by source."""
        rows = self._connection.execute("SELECT source, reason FROM quarantined ORDER BY source")
        return [Quarantined(source, reason) for source, reason in rows]

    def document(self, source: str) -> Document | None:
        """The document of a source, or None."""
        query = "SELECT id, text, source, title, metadata, marks FROM documents WHERE source = ? OR id = ?"
        row = self._connection.execute(query, (source, source)).fetchone()
        if row is None:
            return None
        name, text, source, title, metadata, marks = row
        return Document(name, text, source, title, json.loads(metadata), _read_marks(marks))

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """Chunks by their row numbers in the database, in the order asked for."""
        holes = ",".join("?" * len(rows))
        query = f"""
            SELECT row, document_id, source, start, end, chunks.text, context, chunks.marks
            FROM chunks JOIN documents ON documents.id = document_id WHERE row IN ({holes})
        """
        found = {}
        for row, document_id, source, start, end, text, context, marks in self._connection.execute(query, list(rows)):
            name = f"{document_id}#{start}-{end}"
            found[row] = Chunk(name, document_id, source, start, end, text, context, _read_marks(marks))
        return [found[row] for row in rows]

    def row_numbers(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Database rows of positions in the vector index."""
        return self._rows[positions]

    def positions(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions in the vector index of database rows."""
        return np.searchsorted(self._rows, rows)

    def write(
        self,
        documents: Iterable[tuple[Document, str]],
        *,
        deleted: Iterable[str] = (),
        quarantined: Iterable[tuple[Quarantined, str]] = (),
        embedder: Embedder,
        splitter: Splitter,
        roots: Sequence[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Replace, add and delete documents in one transaction; killed at any moment, the old state remains.

        Args:
            documents: Documents with their content digests; one that has the id of an old one replaces it.
            deleted: Ids of documents to take out; unknown ones are ignored.
            quarantined: Files that could not be loaded, with their digests; None of them is in ``documents``.
            embedder: Must be the one the index was made with; likewise the splitter.
            splitter: See there.
            roots: What the index mirrors, if that changes.
            progress: Called with the chunks embedded so far and the chunks that there are.

        Returns:
            How many chunks were embedded; the others had been embedded before.

        Raises:
            VectorIndexError: Another process is writing, or the disk is full or read-only.
        """
        self.require(embedder=embedder.fingerprint, splitter=splitter.fingerprint)
        with _translated(self.folder), _transaction(self._connection):
            documents = list(documents)
            quarantined = list(quarantined)
            chunks = [(document.id, chunk) for document, _ in documents for chunk in splitter.split(document)]
            vectors, embedded = self._vectors([chunk for _, chunk in chunks], embedder, progress)
            gone = [*deleted, *(document.id for document, _ in documents)]
            self._delete(gone)
            self._insert(documents, [chunk for _, chunk in chunks], vectors)
            sources = [*gone, *(bad.source for bad, _ in quarantined)]
            self._connection.executemany("DELETE FROM quarantined WHERE source = ?", ((source,) for source in sources))
            self._connection.executemany(
                "INSERT INTO quarantined VALUES (?, ?, ?)",
                ((bad.source, bad.reason, digest) for bad, digest in quarantined),
            )
            old_file = self.manifest.vectors_file
            new_file = self._describe(roots)
        if old_file != new_file:
            for stale in self.folder.glob("vectors-*.faiss"):
                if stale.name != new_file:
                    stale.unlink(missing_ok=True)
        self.manifest = self._read_manifest()
        self._refresh()
        return embedded

    def sync(
        self,
        paths: Sequence[str | Path],
        *,
        embedder: Embedder,
        splitter: Splitter,
        limits: LoadLimits | None = None,
        strict: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> SyncReport:
        """Make the index equal to files and folders: what is new is added, what is gone is deleted.

        Files are recognised by their content; one that did not change is not even loaded.

        Args:
            paths: Files and folders; folders are walked.
            embedder: Must be the one the index was made with; likewise the splitter.
            splitter: See there.
            limits: What loading one file may cost.
            strict: Raise the reason of the first file that cannot be loaded, and change nothing.
            progress: Called with a stage (``load`` or ``embed``), how much is done and how much there is.

        Raises:
            LoadError: A path does not exist, or a file cannot be loaded and ``strict`` is set.
            VectorIndexError: The index cannot be written.
        """
        started = time.perf_counter()
        found = find_files([os.fspath(path) for path in paths])
        known = self.digests()
        digests = {source: _source_digest(source) for source in found}
        wanted = [source for source in found if known.get(source) != digests[source]]
        loaded: list[tuple[Document, str]] = []
        bad: list[tuple[Quarantined, str]] = []
        for done, (source, outcome) in enumerate(load_isolated(wanted, limits or LoadLimits()), start=1):
            if isinstance(outcome, Document):
                loaded.append((outcome, digests[source]))
            elif strict:
                raise LoadError(
                    f"{source}: {outcome.reason}",
                    path=source,
                    hint="mend or remove the file, or index without --strict",
                )
            else:
                bad.append((outcome, digests[source]))
            if progress:
                progress("load", done, len(wanted))
        deleted = [source for source in known if source not in digests]
        failed = [quarantined.source for quarantined, _ in bad]
        embedded = 0
        roots = [os.fspath(path) for path in paths]
        if loaded or bad or deleted or tuple(roots) != self.manifest.roots:
            embedded = self.write(
                loaded,
                deleted=[*deleted, *failed],
                quarantined=bad,
                embedder=embedder,
                splitter=splitter,
                roots=roots,
                progress=(lambda done, total: progress("embed", done, total)) if progress else None,
            )
        return SyncReport(
            added=tuple(document.source for document, _ in loaded if document.source not in known),
            changed=tuple(document.source for document, _ in loaded if document.source in known),
            deleted=tuple(sorted(deleted)),
            unchanged=len(found) - len(wanted),
            quarantined=tuple(self.quarantined()),
            chunks=len(self),
            embedded=embedded,
            seconds=time.perf_counter() - started,
        )

    def _vectors(
        self, chunks: Sequence[Chunk], embedder: Embedder, progress: Callable[[int, int], None] | None
    ) -> tuple[list[bytes], int]:
        """Vectors of chunks, as stored; those of texts that the index already has are not computed again."""
        known: dict[str, bytes] = {}
        digests = [_text_digest(chunk.embedded_text) for chunk in chunks]
        for digest in set(digests):
            row = self._connection.execute("SELECT vector FROM chunks WHERE digest = ? LIMIT 1", (digest,)).fetchone()
            if row:
                known[digest] = row[0]
        missing = {digest: chunk for digest, chunk in zip(digests, chunks, strict=True) if digest not in known}
        done = 0

        def report(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(done, len(missing))

        if missing:
            report(0)
            fresh = embedder.embed_documents([chunk.embedded_text for chunk in missing.values()], progress=report)
            known.update(zip(missing, (vector.tobytes() for vector in fresh), strict=True))
        return [known[digest] for digest in digests], len(missing)

    def _delete(self, ids: Iterable[str]) -> None:
        for name in ids:
            rows = [row for (row,) in self._connection.execute("SELECT row FROM chunks WHERE document_id = ?", (name,))]
            self.lexical.delete(rows)
            self._connection.execute("DELETE FROM chunks WHERE document_id = ?", (name,))
            self._connection.execute("DELETE FROM documents WHERE id = ?", (name,))

    def _insert(
        self, documents: Sequence[tuple[Document, str]], chunks: Sequence[Chunk], vectors: Sequence[bytes]
    ) -> None:
        self._connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (d.id, d.source, d.title, d.text, _json(dict(d.metadata)), _write_marks(d.marks), digest)
                for d, digest in documents
            ),
        )
        (last,) = self._connection.execute("SELECT coalesce(max(row), 0) FROM chunks").fetchone()
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    last + number,
                    chunk.document_id,
                    chunk.start,
                    chunk.end,
                    chunk.context,
                    _write_marks(chunk.marks),
                    _text_digest(chunk.embedded_text),
                    vector,
                    chunk.text,
                )
                for number, (chunk, vector) in enumerate(zip(chunks, vectors, strict=True), start=1)
            ),
        )
        self.lexical.add((last + number, chunk.embedded_text) for number, chunk in enumerate(chunks, start=1))

    def _stored_vectors(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Row numbers and vectors of all chunks, in the order of their rows."""
        rows: list[int] = []
        blobs: list[bytes] = []
        for row, blob in self._connection.execute("SELECT row, vector FROM chunks ORDER BY row"):
            rows.append(row)
            blobs.append(blob)
        vectors = np.frombuffer(b"".join(blobs), dtype=np.float32).reshape(-1, self.manifest.dim)
        return np.array(rows, dtype=np.int64), vectors

    def _describe(self, roots: Sequence[str] | None) -> str:
        """Write the vector index's file and the manifest that names it; returns the file's name."""
        from ragkit import __version__

        rows, vectors = self._stored_vectors()
        name, digest = "", ""
        if len(rows):
            index = create_index("faiss", self.manifest.dim)
            index.add(vectors)
            temporary = self.folder / f".vectors-{os.getpid()}.tmp"
            try:
                index.save(temporary)
                digest = _file_digest(temporary)
                name = f"vectors-{digest[:16]}.faiss"
                _sync_to_disk(temporary)
                temporary.replace(self.folder / name)
            finally:
                temporary.unlink(missing_ok=True)
        facts: dict[str, Any] = {"ragkit": __version__, "vectors_file": name, "vectors_sha256": digest}
        for table in ("documents", "chunks", "quarantined"):
            (facts[table],) = self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        if roots is not None:
            facts["roots"] = list(roots)
        _write_manifest(self._connection, facts)
        return name

    def _read_manifest(self) -> Manifest:
        facts = {key: json.loads(value) for key, value in self._connection.execute("SELECT key, value FROM manifest")}
        if facts.get("format") != FORMAT:
            raise IndexFormatError(
                f"the index in {self.folder} has format {facts.get('format')}, this ragkit reads format {FORMAT}",
                hint="install the ragkit that wrote it, or index the sources again into another folder",
            )
        return Manifest(**{**facts, "roots": tuple(facts.get("roots", ()))})

    def _refresh(self) -> None:
        """Take the vector index of the state that is committed now, from its file or from the vectors."""
        path = self.folder / self.manifest.vectors_file
        if self.manifest.vectors_file and path.is_file() and _file_digest(path) == self.manifest.vectors_sha256:
            self.index = load_index("faiss", path)
            rows = self._connection.execute("SELECT row FROM chunks ORDER BY row")
            self._rows = np.fromiter((row for (row,) in rows), dtype=np.int64)
        else:
            self._rows, vectors = self._stored_vectors()
            self.index = create_index("faiss", self.manifest.dim)
            self.index.add(vectors)


def content_digest(data: bytes) -> str:
    """SHA-256 by which a file's content is recognised."""
    return hashlib.sha256(data).hexdigest()


def _source_digest(source: str) -> str:
    """Digest of a file's content; of its name where it cannot be read, which loading will report."""
    try:
        return _file_digest(Path(source))
    except OSError:
        return content_digest(source.encode("utf-8", "surrogateescape"))


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _write_marks(marks: Sequence[Mark]) -> str:
    return _json([[mark.start, mark.location.to_dict()] for mark in marks])


def _read_marks(text: str) -> tuple[Mark, ...]:
    return tuple(Mark(start, Location.from_dict(location)) for start, location in json.loads(text))


def _write_manifest(connection: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO manifest VALUES (?, ?)", ((key, _json(value)) for key, value in facts.items())
    )


def _connect(folder: Path) -> sqlite3.Connection:
    # Autocommit mode: transactions begin and end where the code says so. Threads of a server may share it,
    # since every use is one call.
    connection = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=5.0, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _create_database(folder: Path, embedder: Embedder, splitter: Splitter) -> None:
    """Make the database under another name, so that nobody ever opens half of one."""
    from ragkit import __version__

    temporary = folder / f".corpus-{os.getpid()}.tmp"
    temporary.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            connection.executescript(SCHEMA)
            LexicalIndex(connection).create()
            facts = {
                "format": FORMAT,
                "ragkit": __version__,
                "embedder": embedder.fingerprint,
                "dim": embedder.dim,
                "splitter": splitter.fingerprint,
            }
            _write_manifest(connection, facts)
            connection.execute("PRAGMA journal_mode = WAL")
        temporary.replace(folder / DATABASE)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Say in ragkit's words what SQLite and the file system have to say."""
    try:
        yield
    except sqlite3.OperationalError as exc:
        if "locked" in str(exc):
            raise VectorIndexError(
                f"another process is writing the index in {folder}", hint="wait until it has finished, then try again"
            ) from exc
        raise VectorIndexError(
            f"the index in {folder} cannot be used: {exc}", hint="see whether the disk is full or the folder read-only"
        ) from exc
    except sqlite3.DatabaseError as exc:
        raise IndexFormatError(
            f"the index in {folder} is damaged: {exc}", hint="index the sources again into another folder"
        ) from exc
    except OSError as exc:
        if isinstance(exc, VectorIndexError):
            raise
        raise VectorIndexError(
            f"the index in {folder} cannot be written: {exc.strerror}",
            hint="free some space, or choose another --index",
        ) from exc
