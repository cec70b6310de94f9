"""Ask a folder of documents and read the verdict on every sentence of the answer."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ragkit import RagPipeline

DOCUMENTS = Path(__file__).parent.parent / "corpora/handbook/documents"

with TemporaryDirectory() as index, RagPipeline.from_corpus(DOCUMENTS, index=index) as pipeline:
    answer = pipeline.ask("How many days of paid holiday do I get in a year?", generator="extractive")
    print(answer.text)
    for verdict in answer.report.verdicts:
        print(f"{verdict.label}: {verdict.claim.text}")
        for evidence in verdict.evidence:
            print(f"  {Path(evidence.source).name}, {evidence.location}: {evidence.text!r}")
