"""Evidence packs of open escalations: one Markdown file each, readable by its owner only."""

from .pack import TO_FILL_IN, Pack, render
from .packs import read_packs, write_packs

__all__ = ["TO_FILL_IN", "Pack", "read_packs", "render", "write_packs"]
