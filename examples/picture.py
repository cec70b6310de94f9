"""Draw the README's picture from a real run: ``python examples/picture.py`` writes answer.svg beside the README."""

from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from ragkit import RagPipeline
from ragkit.cli.view import answer_view, report_view

ROOT = Path(__file__).parent.parent
QUESTION = "What is the most I may spend on a hotel night in Zurich?"
CLAIMED = "The limit for a hotel in Zurich is 230 euros per night. The company pays 0.42 euros per kilometre."


def draw() -> str:
    """A question, its checked answer, and a wrong answer that is caught, as SVG."""
    with (
        TemporaryDirectory() as folder,
        Path("/dev/null" if Path("/dev/null").exists() else "nul").open("w") as nowhere,
    ):
        console = Console(record=True, width=96, file=nowhere, force_terminal=True)
        documents = ROOT / "corpora/handbook/documents"
        with RagPipeline.from_corpus(documents, index=folder) as pipeline:
            answer = pipeline.ask(QUESTION, k=3)
            console.print(f'$ ragkit ask "{QUESTION}" --k 3', style="bold")
            console.print(answer_view(answer))
            console.print(f'\n$ ragkit check --answer "{CLAIMED}" --source travel.md', style="bold")
            console.print(
                report_view(pipeline.check(CLAIMED, [hit.chunk for hit in pipeline.search("hotel travel car")]))
            )
    svg = console.export_svg(title="ragkit", unique_id="ragkit")
    return svg.replace(f"{ROOT}/", "")


if __name__ == "__main__":
    (ROOT / "answer.svg").write_text(draw(), encoding="utf-8")
