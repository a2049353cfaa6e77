"""Soon."""

from lms.people.routes.area import bp
from lms.policy.actions import Action
from lms.policy.guard import guard


@bp.get("/sign-in")
@guard(Action.SIGN_IN)
def sign_in() -> str:
    """Soon."""
    return "soon"
