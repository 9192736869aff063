"""Sample pages of the stage: the wall usual, empty, of a vendor and very large; a story read, answered and one's own; the form."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.design.parts import Choice
from swingby.web.enablement.story_parts import Invited, StoryForm, StoryLine, StoryPage, WallPage

FIRM, HERE = "Tarnwick Labs", "/gallery/?page=wall"
LINE = StoryLine(
    label="Beacon Advanced Engineer",
    who="Mei Example, Chicago",
    why="A customer asked something that nobody in our office could answer.",
    learned="To size a system by its busiest hour instead of by its average.",
    plan="In the design review of next month, and with whoever wants to join.",
    day=TODAY,
    href="/gallery/?page=story",
    act_url=HERE,
    thanking="thank",
)
UNNAMED = replace(
    LINE,
    label="Keep Fundamentals",
    who="Someone at Austin",
    why="I failed it once and wanted to know why.",
    learned="The part that I had skipped because it looked easy.",
    plan="I help whoever books this exam.",
    thanking="unthank",
)
WAITING = replace(LINE, readers="Our firm and the vendor", day=None, thanking="")
LONG = replace(
    LINE, label=LONG_WORD, who=LONG_NAME, why=LONG_NAME, learned=LONG_WORD, plan=LONG_NAME, readers=LONG_NAME
)
OFFICES = (Choice(value="austin", label="Austin"), Choice(value="chicago", label="Chicago"))
CODES = (Choice(value="beacon", label="Beacon Advanced Engineer"), Choice(value="keep", label="Keep Fundamentals"))
FORM = StoryForm(
    label="Beacon Advanced Engineer",
    post_url=HERE,
    back_url=HERE,
    unnamed="Someone at Chicago",
    audiences=(
        Choice(value="firm", label="My firm", chosen=True),
        Choice(value="vendor", label="My firm and the vendor"),
        Choice(
            value="program", label="Everybody in the vendor's program whose firm allows it, once the vendor says yes"
        ),
    ),
    why="A customer asked something that nobody in our office could answer.",
)


def wall_page() -> WallPage:
    """Stories of colleagues, an own one, an invitation, and one that waits for an answer."""
    return WallPage(
        name=FIRM,
        offices=OFFICES,
        codes=CODES,
        lines=(LINE, UNNAMED, replace(LINE, who="Ana Example, another partner")),
        total=3,
        mine=(replace(LINE, readers="Our firm", state="On the wall", tone="good"),),
        invited=(Invited(label="Keep Advanced Engineer", href="/gallery/?page=story-form"),),
        waiting=(WAITING,),
    )


def wall_vendor() -> WallPage:
    """A vendor's, with a story that asks to be read in the whole program."""
    line = replace(LINE, who="Mei Example, Chicago, Tarnwick Labs", href="")
    shown = replace(line, readers="the whole program", asks="unwelcome")
    return WallPage(
        name="Harborline", is_vendor=True, offices=OFFICES, codes=CODES, lines=(line, shown), total=2, waiting=(line,)
    )


def wall_large() -> WallPage:
    """Long words, many stories."""
    invited = (Invited(label=LONG_WORD, href=HERE),) * 3
    mine = (replace(LONG, state="Waits for a yes", tone="pending"),) * 3
    long = (Choice(value="a", label=LONG_WORD),) * 9
    return WallPage(
        name=LONG_NAME, offices=long, codes=long, lines=(LONG,) * 10, total=1234, newer="page=1", older="page=3", mine=mine, invited=invited,
        waiting=(LONG,) * 5,
    )  # fmt: skip


def story_page() -> StoryPage:
    """A colleague's story."""
    return StoryPage(line=LINE, back_url=HERE)


def story_mine() -> StoryPage:
    """One's own that came back, with thanks."""
    line = replace(WAITING, state="Came back", tone="warn")
    thanked = ("Luc Example", "Ana Example")
    answer = "Leave out the name of the customer."
    return StoryPage(line=line, back_url=HERE, is_mine=True, form_url=HERE, answer=answer, thanked_by=thanked)


def story_waiting() -> StoryPage:
    """One that a moderator answers."""
    line = replace(WAITING, state="Waits for a yes", tone="pending", who="Someone at Chicago")
    return StoryPage(line=line, back_url=HERE, may_accept=True, may_return=True)


def story_large() -> StoryPage:
    """Long words."""
    return replace(story_mine(), line=LONG, answer=LONG_NAME, thanked_by=(LONG_NAME, LONG_WORD) * 9, may_return=True)


def form_large() -> StoryForm:
    """Long words in a form of a story that is on the wall."""
    long = (Choice(value="a", label=LONG_WORD), Choice(value="b", label=LONG_NAME))
    return replace(FORM, label=LONG_WORD, unnamed=LONG_NAME, audiences=long, why=LONG_WORD, is_accepted=True)


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "wall": ("wall", wall_page),
    "wall-empty": ("wall", lambda: WallPage(name=FIRM)),
    "wall-vendor": ("wall", wall_vendor),
    "wall-large": ("wall", wall_large),
    "story": ("story", story_page),
    "story-mine": ("story", story_mine),
    "story-waiting": ("story", story_waiting),
    "story-large": ("story", story_large),
    "story-form": ("story_form", lambda: FORM),
    "story-form-large": ("story_form", form_large),
}
