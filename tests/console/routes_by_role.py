"""Who may ask for what: one line a route. test_every_route_by_role.py fails when a route of the app is missing here.

O operator, S supervisor, A administrator, U auditor; NOBODY also without being signed in.
"""

from __future__ import annotations

O, S, A, U = "operator", "supervisor", "administrator", "auditor"  # noqa: E741
NOBODY = "nobody"
SIGNED_IN = frozenset({O, S, A, U})
DESK = frozenset({O, S})  # who answers people
EVERYBODY = SIGNED_IN | {NOBODY}

ROUTES: dict[tuple[str, str], frozenset[str]] = {
    # the frame
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/static"): EVERYBODY,
    ("GET", "/"): SIGNED_IN,
    ("POST", "/preferences"): EVERYBODY,
    # the trial phones: for whoever reaches the listener, and only while no channel is configured
    ("GET", "/trial"): EVERYBODY,
    ("POST", "/trial/network"): frozenset(),  # the worker's, by a token of its own
    ("POST", "/trial/network/forget"): frozenset(),
    ("POST", "/trial/{channel}/{phone}"): EVERYBODY,
    ("GET", "/trial/{channel}/{phone}/events"): EVERYBODY,
    # sign-in and accounts
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
    ("POST", "/session"): SIGNED_IN,
    ("GET", "/invitation/{token}"): EVERYBODY,
    ("POST", "/invitation/{token}"): EVERYBODY,
    # other case systems: tokens and webhooks are made by administrators; the door itself asks for a token (tests/console/api)
    ("GET", "/api-access"): frozenset({A}),
    ("POST", "/api-access/tokens"): frozenset({A}),
    ("POST", "/api-access/tokens/{token}/withdraw"): frozenset({A}),
    ("POST", "/api-access/webhooks"): frozenset({A}),
    ("POST", "/api-access/webhooks/{webhook}/remove"): frozenset({A}),
    ("POST", "/api-access/webhooks/{webhook}/again"): frozenset({A}),
    ("GET", "/api/v1"): EVERYBODY,
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account/languages"): SIGNED_IN,
    ("POST", "/account/password"): SIGNED_IN,
    ("POST", "/account/recovery-codes"): SIGNED_IN,
    ("POST", "/account/sessions"): SIGNED_IN,
    ("POST", "/account/pager"): SIGNED_IN - {U},
    ("POST", "/account/pager/remove"): SIGNED_IN - {U},
    ("GET", "/people"): frozenset({A}),
    ("POST", "/people/invitations"): frozenset({A}),
    ("POST", "/people/invitations/{invitation}/withdraw"): frozenset({A}),
    ("POST", "/people/{person}/role"): frozenset({A}),
    ("POST", "/people/{person}/sign-out"): frozenset({A}),
    ("POST", "/people/{person}/renew"): frozenset({A}),
    ("POST", "/people/{person}/reactivate"): frozenset({A}),
    ("POST", "/people/{person}/deactivate"): frozenset({A}),
    # queue and ticket
    ("GET", "/queue"): DESK,
    ("GET", "/queue/rows"): DESK,
    ("GET", "/live"): DESK,
    ("GET", "/conversations/{conversation}"): DESK,
    ("GET", "/conversations/{conversation}/now"): DESK,
    ("POST", "/conversations/{conversation}/claim"): DESK,
    ("POST", "/conversations/{conversation}/take-over"): frozenset({S}),
    ("POST", "/conversations/{conversation}/flag-seen"): DESK,
    ("POST", "/conversations/{conversation}/hand-over"): DESK,
    ("POST", "/conversations/{conversation}/give-back"): DESK,
    ("POST", "/conversations/{conversation}/close"): DESK,
    ("POST", "/conversations/{conversation}/forget"): DESK,  # who has it
    ("POST", "/conversations/{conversation}/note"): DESK,
    ("POST", "/conversations/{conversation}/reply"): DESK,
    ("POST", "/conversations/{conversation}/check"): DESK,
    # sealed values: who has the conversation asks and sees, a supervisor decides
    ("GET", "/conversations/{conversation}/reveals"): DESK,
    ("POST", "/conversations/{conversation}/reveals"): DESK,
    ("POST", "/reveals/{wish}/open"): DESK,
    ("POST", "/reveals/{wish}/show"): DESK,
    ("GET", "/reveals"): frozenset({S}),
    ("GET", "/reveals/rows"): frozenset({S}),
    ("GET", "/reveals/waiting"): frozenset({S}),
    ("POST", "/reveals/{wish}/grant"): frozenset({S}),
    ("POST", "/reveals/{wish}/refuse"): frozenset({S}),
    # referrals
    ("GET", "/conversations/{conversation}/referrals"): DESK,
    ("GET", "/conversations/{conversation}/refer"): DESK,
    ("POST", "/conversations/{conversation}/refer"): DESK,
    ("GET", "/referrals"): DESK,
    ("POST", "/referrals/{referral}/withdraw"): DESK,
    ("POST", "/referrals/{referral}/mark"): DESK,
    # misunderstood sentences: whoever has the conversation suggests, a supervisor reviews
    ("GET", "/conversations/{conversation}/lines/{line}/misunderstood"): DESK,
    ("POST", "/conversations/{conversation}/lines/{line}/misunderstood"): DESK,
    ("POST", "/suggestions/{suggestion}/withdraw"): DESK,
    ("GET", "/suggestions"): frozenset({S}),
    ("POST", "/suggestions/take-out"): frozenset({S}),
    ("POST", "/suggestions/{suggestion}/accept"): frozenset({S}),
    ("POST", "/suggestions/{suggestion}/drop"): frozenset({S}),
    # the time to decide of those who are identified
    ("GET", "/decision-times"): DESK,
    ("GET", "/decision-times/soon"): DESK,
    ("POST", "/conversations/{conversation}/identified"): DESK,
    ("POST", "/conversations/{conversation}/not-identified"): DESK,
    # the audit trail
    ("GET", "/audit"): frozenset({A, U}),
    ("POST", "/audit/verify"): frozenset({A, U}),
    # figures: operators see the team's totals
    ("GET", "/figures"): SIGNED_IN,
    ("GET", "/figures/months"): SIGNED_IN,
    ("GET", "/figures/sheet.csv"): frozenset({S, A, U}),
    ("GET", "/figures/months.csv"): frozenset({S, A, U}),
    # shifts
    ("GET", "/shifts"): SIGNED_IN - {U},
    ("POST", "/shifts"): frozenset({S, A}),
    ("GET", "/shifts/{shift}"): frozenset({S, A}),
    ("POST", "/shifts/{shift}"): frozenset({S, A}),
    ("POST", "/shifts/{shift}/remove"): frozenset({S, A}),
    # lists, to be read
    ("GET", "/ready-replies"): SIGNED_IN,
    ("GET", "/organisations"): SIGNED_IN,
    ("GET", "/contacts"): SIGNED_IN,
    ("GET", "/facts"): SIGNED_IN,
    ("GET", "/guide"): DESK,
}

# What stands for a path's parameters; a random id where nothing is said. The thing itself need not exist: who may ask is
# decided before it is looked for.
PARAMETERS = {"channel": "chat"}
# Forms that are checked in another way than by the page's token.
OWN_CHECK = frozenset({"/trial/network", "/trial/network/forget", "/trial/{channel}/{phone}"})
