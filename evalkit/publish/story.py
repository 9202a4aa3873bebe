"""The page of what changed since an earlier edition: the story of a session."""

from __future__ import annotations

from markupsafe import Markup

from evalkit.publish.site import Site
from evalkit.views import changes_page


def write(site: Site) -> None:
    """Write the page where the folder was asked to tell what changed; else nothing."""
    changes = site.held.changes
    if changes is not None:
        body = Markup(changes_page.body(changes, site.edition, site.language))
        title = site.say("changes.title")
        site.write("changes.html", "changes.html.j2", title, body=body)
