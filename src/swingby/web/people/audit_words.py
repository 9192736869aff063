"""Acts in words."""

from __future__ import annotations

from collections.abc import Mapping

#: The first part of an action, for the filter.
SUBJECTS: Mapping[str, str] = {
    "report": "Activity reports",
    "review": "Reviews",
    "line": "Lines of reviews",
    "appeal": "Appeals",
    "dispute": "Disputes",
    "exception": "Exceptions",
    "version": "Program versions",
    "card": "Evidence",
    "letter": "Letters",
    "upload": "Loads",
    "facts": "What was sent by systems",
    "note": "Notes",
    "document": "Documents",
    "token": "API tokens",
    "user": "Users",
    "door": "Links to join",
    "provider": "Identity provider",
    "second_factor": "Second factor",
    "orphan": "Partners without an admin",
    "share": "Sharing",
    "voucher": "Vouchers",
    "story": "Stories",
    "terms": "Terms of use",
    "look": "Looking as somebody",
    "person": "Erasure",
}
_WORDS: Mapping[str, str] = {
    "report.submit": "reported an activity",
    "report.resubmit": "sent a report again",
    "report.accept": "accepted a report",
    "report.return": "sent a report back",
    "report.decline": "declined a report",
    "report.withdraw": "took a report back",
    "report.confirm": "looked at a report again: right",
    "report.take_back": "looked at a report again: wrong",
    "note.write": "wrote a note",
    "document.add": "added a document",
    "token.make": "made an API token",
    "token.revoke": "revoked an API token",
    "user.invite": "invited somebody",
    "user.invite_again": "sent an invitation again",
    "user.withdraw": "withdrew an invitation",
    "user.approve": "let somebody in",
    "user.decline": "declined somebody",
    "user.join": "joined",
    "user.change": "changed roles",
    "user.remove": "removed somebody",
    "door.change": "changed the link to join",
    "door.renew": "made a new link to join",
    "provider.connect": "connected an identity provider",
    "provider.change": "changed the identity provider",
    "provider.disconnect": "disconnected the identity provider",
    "provider.sign_in": "signed in through the identity provider",
    "provider.wait": "came through the identity provider and waits",
    "provider.refuse": "refused somebody who came through the identity provider",
    "provider.around": "signed in as admin without the identity provider",
    "second_factor.require": "said in which roles a second factor is needed",
    "orphan.invite": "invited an admin of a partner",
    "share.begin": "let a distributor see where they stand",
    "share.end": "ended sharing",
    "voucher.budget": "said what may be given in vouchers",
    "voucher.load": "brought in a voucher",
    "voucher.give": "gave somebody a voucher",
    "voucher.take_back": "had a voucher back",
    "story.accept": "put a story on the wall",
    "story.return": "sent a story back",
    "story.welcome": "let the whole program read a story",
    "story.unwelcome": "let the whole program read a story no more",
    "card.ask": "asked for a card of evidence",
    "card.decide": "decided on a card",
    "card.share": "shared a card with a partner",
    "card.withdraw": "withdrew a card from a partner",
    "terms.publish": "published terms",
    "upload.receive": "sent a file",
    "facts.send": "sent records by a system",
    "letter.confirm": "confirmed a letter",
    "appeal.file": "appealed",
    "dispute.open": "disputed a line",
    "dispute.withdraw": "withdrew a dispute",
    "dispute.uphold": "upheld a dispute",
    "dispute.change": "answered a dispute in another way",
    "dispute.decline": "declined a dispute",
    "dispute.cure": "put right what was disputed",
    "review.open": "a review was opened",
    "review.settings": "changed what waits for a person",
    "look.begin": "began to look as somebody",
    "look.page": "looked at a page as somebody",
    "look.end": "stopped looking as somebody",
}


def act_words(action: str) -> str:
    """What an action is called; one that has no words yet reads as its name."""
    return _WORDS.get(action) or action.replace(".", ": ").replace("_", " ")


def subject_words(first: str) -> str:
    """What the acts are about whose name begins so."""
    return SUBJECTS.get(first) or first.replace("_", " ").capitalize()
