"""Work of supervised practice outside requests: each subject's own."""

from lms.fieldwork.queue import jobs as queue

__all__ = ["queue"]
