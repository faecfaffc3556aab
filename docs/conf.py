"""How Sphinx builds these pages; ``make docs`` runs it with warnings as errors."""

from importlib.metadata import version as installed_version

project = "Counterpoise"
author = "The Counterpoise developers"
copyright = author
release = version = installed_version("counterpoise")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Counterpoise"
html_show_copyright = False

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_attr_annotations = False  # types stand in the signature already
