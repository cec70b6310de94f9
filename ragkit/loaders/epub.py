"""E-books: the chapters in reading order."""

from __future__ import annotations

import io
import posixpath
import zipfile
from urllib.parse import unquote

from ragkit.errors import LoadError
from ragkit.loaders.building import TextBuilder
from ragkit.loaders.html import add_page
from ragkit.protocols import RawFile
from ragkit.types import Document

CONTAINER = "META-INF/container.xml"


def load_epub(raw: RawFile) -> Document:
    """Places are the chapters' headings.

    Raises:
        LoadError: It has no table of contents that leads to chapters.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
        container = etree.fromstring(archive.read(CONTAINER), parser)
        package_name = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
        if not package_name:
            raise LoadError("names no package of chapters", path=raw.source)
        package = etree.fromstring(archive.read(package_name), parser)
        folder = posixpath.dirname(package_name)
        files = {item.get("id"): item.get("href") for item in package.xpath("//*[local-name()='item']")}
        title = package.xpath("string(//*[local-name()='title'])")
        author = package.xpath("string(//*[local-name()='creator'])")
        builder = TextBuilder()
        names = set(archive.namelist())
        for reference in package.xpath("//*[local-name()='itemref']/@idref"):
            name = posixpath.normpath(posixpath.join(folder, unquote(files.get(reference) or "")))
            if name in names and (chapter := archive.read(name)).strip():
                add_page(chapter, raw.source, builder)
    return builder.document(raw.source, title=title, metadata={"author": author})
