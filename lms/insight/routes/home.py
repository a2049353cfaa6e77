"""The first page after signing in: what waits, by role."""

from flask import render_template

from lms.core import clock
from lms.core.db import db
from lms.insight.home import home as compose
from lms.insight.routes.blueprint import bp
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


@bp.get("/home")
@guard(Action.HOME)
def home() -> str:
    """Each role's next steps first."""
    now = clock.now()
    return render_template(
        "insight/home.html", home=compose(db.session, current_actor(), now), now=now
    )
