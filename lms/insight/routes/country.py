"""A country's practice: what its cohorts come to, and the list of everybody's hours."""

from typing import Any

from flask import Response, redirect, render_template, url_for
from sqlalchemy import func, select

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import db
from lms.curriculum import service as curriculum
from lms.insight import country as practice
from lms.insight.routes.blueprint import bp
from lms.insight.routes.sending import send_table
from lms.insight.tables import LARGEST_XLSX, lists
from lms.network.models import Country
from lms.network.service import find_country
from lms.policy.actions import Action
from lms.policy.guard import guard


def _people(country: Country) -> int:
    query = select(func.count()).select_from(Enrolment).join(Cohort)
    return db.session.scalar(query.where(Cohort.country_code == country.code)) or 0


@bp.get("/network/countries/<code>/practice")
@guard(Action.COUNTRY_PRACTICE, view=Action.NETWORK_VIEW, country=find_country)
def country_practice(country: Country) -> str:
    """Hours and outputs by kind, cohort by cohort."""
    found = practice.sums(db.session, country.code)
    types = {}
    if found.cohorts:
        release = curriculum.release(db.session, found.cohorts[0][0].release_id)
        types = {kind.id: kind.title for kind in release.practicum.types}
    return render_template(
        "insight/country.html",
        country=country,
        found=found,
        types=types,
        as_workbook=found.whole.people <= LARGEST_XLSX,
    )


@bp.get("/network/countries/<code>/practice.<any(csv,xlsx):format>")
@guard(Action.COUNTRY_PRACTICE, view=Action.NETWORK_VIEW, country=find_country)
def country_table(country: Country, format: str) -> Any:
    """Each trainee's hours as a table; beyond what a workbook holds well, CSV only."""
    if format == "xlsx" and _people(country) > LARGEST_XLSX:
        address = url_for("insight.country_table", code=country.code, format="csv")
        return redirect(address, 303)
    answer: Response = send_table(lists.country_hours(db.session, country.code), format)
    return answer
