"""Words of the charter and of discussions."""

from flask_babel import lazy_gettext

from lms.cohorts.discussion.rules import PostEvent, PostState
from lms.core.labels import register, register_refusals

register(
    {
        PostState.VISIBLE: lazy_gettext("Shown"),
        PostState.HIDDEN: lazy_gettext("Hidden"),
        PostState.DELETED: lazy_gettext("Deleted by its author"),
    },
    {PostState.HIDDEN: "warn"},
)
register(
    {
        PostEvent.HIDE: lazy_gettext("Hide this post"),
        PostEvent.SHOW: lazy_gettext("Show it again"),
        PostEvent.DELETE: lazy_gettext("Delete this post"),
    }
)
register_refusals(
    {
        "charter_name_needed": lazy_gettext("Type your name."),
        "thread_locked": lazy_gettext("This discussion is closed: it takes no more replies."),
        "post_edit_over": lazy_gettext(
            "The half hour for changing these words is over, or the discussion is closed. "
            "Write another reply instead."
        ),
        "posts_too_fast": lazy_gettext(
            "That is a lot in a short time. You can write again in %(minutes)s min."
        ),
        "too_many_pinned": lazy_gettext(
            "%(limit)s discussions are on top already: take one down first."
        ),
    }
)
