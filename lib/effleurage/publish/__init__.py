"""Pages made from the data: everything that is known, the glossary, and where sources disagree.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     [path.name for path in knowledge_pages(folder)]
['knowledge.html', 'glossary.html', 'sources-disagree.html']
"""

from effleurage.publish.pages import disagreements, glossary, knowledge_pages, sections

__all__ = ["disagreements", "glossary", "knowledge_pages", "sections"]
