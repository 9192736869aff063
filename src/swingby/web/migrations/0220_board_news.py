"""News of boards."""

from __future__ import annotations

from django.db import migrations, models

KINDS = [
    ("report_accepted", "A report of ours is accepted"),
    ("report_back", "A report of ours comes back or is declined"),
    ("review", "A review proposes something about us or is decided"),
    ("appeal_answered", "An appeal of ours is answered"),
    ("exception", "We hold a tier by exception, or it ends"),
    ("tier", "Our tier moves"),
    ("version", "New rules are announced"),
    ("nudge", "A word about a promise of ours"),
    ("note", "A note is shared with us"),
    ("document", "A document is shared with us"),
    ("evidence", "A card of evidence is shared with us"),
    ("member", "Somebody joins us"),
    ("certificate", "A certificate of mine lapses or can be renewed"),
    ("learning_week", "What lapses among us, once a week"),
    ("study", "My study groups: a buddy is silent, a group that fits me"),
    ("story", "Stories: an invitation to tell mine, thanks for it, new ones"),
    ("story_waits", "A story of somebody waits for a yes of ours"),
    ("voucher", "A voucher for an exam is given to me or expires"),
    ("board", "My office, my team or I change places on a board"),
    ("report_in", "A partner reports an activity"),
    ("review_open", "A review is open"),
    ("review_book", "A review moves a partner of your book"),
    ("appeal_in", "A partner appeals"),
    ("exception_asked", "An exception waits for a second person"),
    ("approval_asked", "A version waits for a second approval"),
    ("partner_board", "Partners change places on a board"),
]


class Migration(migrations.Migration):
    """Two more kinds of what people are told."""

    dependencies = [("swingby", "0213_experiment_policies")]
    operations = [
        migrations.AlterField(model_name=model, name="kind", field=models.TextField(choices=KINDS))
        for model in ("notification", "notificationchoice")
    ]
