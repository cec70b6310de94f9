"""Use the retriever alone: hits with scores, probabilities and places, for an application of your own."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ragkit import RagPipeline

DOCUMENTS = Path(__file__).parent.parent / "corpora/science/documents"

with TemporaryDirectory() as index, RagPipeline.from_corpus(DOCUMENTS, index=index) as pipeline:
    for hit in pipeline.search("Why should batteries not be charged in winter?", k=3):
        print(f"{hit.rank}. {Path(hit.chunk.source).name} {hit.chunk.location} (probability {hit.probability:.2f})")
        print(f"   {hit.chunk.text[:100]!r}")
