"""Check what any other system answered against any text, without an index."""

from ragkit import Chunk, Document
from ragkit.checkers import create_checker

SOURCE = "The bridge was opened on 4 May 1998. It is 312 metres long and carries two lanes of traffic."
ANSWER = "The bridge is 312 metres long. It was opened on 4 May 1996. It cost nine million euros."

document = Document(id="bridge", text=SOURCE, source="bridge.txt")
report = create_checker("lexical").check(ANSWER, [Chunk.whole(document)])

print(report.outcome)
for verdict in report.verdicts:
    print(f"{verdict.label}: {verdict.claim.text}", *(finding.message for finding in verdict.findings), sep="\n  ")
