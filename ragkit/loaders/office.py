"""What Word and PowerPoint files have in common: templates, shows and files with macros hold the same parts."""

from __future__ import annotations

import io
import re
import zipfile

TYPES = "[Content_Types].xml"
VARIANT = re.compile(
    rb"application/vnd\.(?:ms-(?:word|powerpoint)\.(?:document|template|presentation|slideshow)\.macroEnabled"
    rb"|openxmlformats-officedocument\.(?:wordprocessingml\.template|presentationml\.(?:template|slideshow)))\.main\+xml"
)


def as_plain(data: bytes, main_type: bytes) -> io.BytesIO:
    """A file with its main part called what python-docx and python-pptx expect; the same bytes if it already is.

    Args:
        data: The file.
        main_type: Content type of a document or presentation.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read(TYPES)
        if not VARIANT.search(types):
            return io.BytesIO(data)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in dict.fromkeys(archive.namelist()):
                copy.writestr(name, VARIANT.sub(main_type, types) if name == TYPES else archive.read(name))
    out.seek(0)
    return out
