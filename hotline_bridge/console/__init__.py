"""The operators' listener: the console's pages, health, and the trial phones when they are on.

How a page joins the frame. Write `console/<noun>_views.py` with `router = APIRouter()`, and name that router in `app.PAGES` (one
line); its entry in the navigation is a line in `navigation.ENTRIES`. A route says who may have it by
`account: Annotated[Account, Depends(guard.signed_in("operator", "supervisor"))]`, which gives the frozen
`Account(id, name, role, languages, interface_language)`; `signed_in(…, counts=False)` for what refreshes by itself, and
`await guard.still_signed_in(request)` from time to time inside an event stream. It works through the steps in flow/ with
`guard.stations_of(request)`, and answers with `pages.page(request, "name.html", **context)` (a template that extends base.html)
or `pages.see_other(request, path, say=N_("…"))`. Every form holds `{{ form_token(csrf) }}` from forms.html; htmx sends the same
as a header by itself; without it the answer is 403. Texts: `_("…")` in templates, `N_("…")` in code (never `_()` around what
somebody typed: it would not be escaped); `./run.sh catalogs` collects them. Moments are shown by the filters moment, clock, day
and span. No inline script or style: console.css lists the components. Each route is a line in tests/console/routes_by_role.py.
"""
