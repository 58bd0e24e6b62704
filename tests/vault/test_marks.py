"""Marks: each kind is its own, and each stays what the rows of an installation hold."""

from __future__ import annotations

from hotline_bridge.messages import Channel
from hotline_bridge.vault import marks
from hotline_bridge.vault.root import Root

ROOT = Root(b"\x01" * 32)


def test_marks_of_different_kinds_do_not_lead_to_each_other() -> None:
    kinds = [kind(ROOT, Channel.TWILIO, "+77010000001") for kind in (marks.of_arrival, marks.of_reference, marks.of_writer)]
    address = ROOT.fingerprint("address", f"{Channel.TWILIO}\0+77010000001")
    assert len({*kinds, address, marks.of_number(ROOT, "+77010000001")}) == 5


def test_the_same_id_of_another_provider_has_another_mark() -> None:
    assert marks.of_reference(ROOT, Channel.TWILIO, "1") != marks.of_reference(ROOT, Channel.KANNEL, "1")


def test_what_an_installation_has_stored_is_found_again() -> None:
    assert marks.of_arrival(ROOT, Channel.TWILIO, "SM1") == ROOT.fingerprint("dedup", "sms_twilio\0SM1")
    assert marks.of_reference(ROOT, Channel.TWILIO, "SM1") == ROOT.fingerprint("reference", "sms_twilio\0SM1")
    assert marks.of_writer(ROOT, Channel.TWILIO, "+77010000001") == ROOT.fingerprint("crowding", "sms_twilio\0+77010000001")
    assert marks.of_number(ROOT, "12-3456") == ROOT.fingerprint("code", "12-3456")
