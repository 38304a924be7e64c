"""What speaks against publishing a rule set, and that what it says is true."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain.facts import POLICE, Facts
from services.routing.domain.rules import built_in, kept_from_police, problems_of, read, settle, tried, write
from services.routing.domain.rules.coverage import Reach
from services.routing.domain.rules.matching import fits, traits_of
from services.routing.domain.rules.values import Conditions, Outcome, Rule, RuleSet
from services.routing.domain.rules.week import windows
from tests.unit.routing.city import KINDS
from tests.unit.routing.rules.documents import CITY, GUARDED, KNOWN, complaints, document

NOISE = '[[rule]]\ncode = "noise"\nwhen = { category = "noise" }\nthen = { team = "north" }\n'


def test_a_plain_set_is_fine_and_so_is_the_built_in_one():
    assert complaints(document()) == []
    assert complaints(document(NOISE)) == []
    assert problems_of(read(write(built_in(CITY))), CITY, KNOWN) == []


def test_codes_nobody_knows():
    said = complaints(
        document(
            '[[rule]]\ncode = "a"\nwhen = { category = "noize", district = "77", channel = "fax", partner = "x", '
            'kind = "rant", about = "them", named_unit = "Nowhere" }\n'
            'then = { team = "south", skill = "chess", policy = "never" }\n',
            '[[expect]]\nqueue = "nowhere"\n',
        )
    )
    for word in ("noize", "77", "fax", "rant", "them", "Nowhere", "south", "chess", "never", "nowhere"):
        assert any(word in sentence for sentence in said), word


def test_codes_that_stand_there_twice():
    assert complaints(document(NOISE + NOISE)) == ["noise: The code stands there 2 times."] * 1


def test_a_rule_nothing_is_left_for():
    late = NOISE.replace('"noise"\nwhen', '"late-noise"\nwhen')
    (said,) = complaints(document(NOISE + late))
    assert said.startswith("late-noise: It can never match: ")
    assert "noise" in said.partition("before it")[0]


def test_rules_together_leave_nothing_to_a_third():
    parts = "".join(
        f'[[rule]]\ncode = "{code}"\nwhen = {{ category = "noise", {when} }}\nthen = {{ team = "north" }}\n'
        for code, when in (
            ("week", 'time = "Mo-Fr 00:00-24:00"'),
            ("day-off", 'time = "Sa-Su 08:00-20:00"'),
            ("night-off", 'time = "Fr-Su 20:00-08:00"'),
        )
    )
    (said,) = complaints(document(parts + NOISE))
    assert said.startswith("noise: It can never match: ")
    assert "week, day-off, night-off" in said
    assert complaints(document(parts.replace("20:00-08:00", "20:00-07:59") + NOISE)) == []


def test_conditions_that_contradict_each_other():
    asked = 'guarded = true, names_person = false, category = "noise"'
    odd = f'[[rule]]\ncode = "odd"\nwhen = {{ {asked} }}\nthen = {{ queue = "triage" }}\n'
    assert complaints(document(odd)) == ["odd: It can never match: its conditions contradict each other."]


def test_a_set_that_leaves_something_open():
    (said,) = complaints(document(NOISE, rest=""))
    assert said.startswith("No rule says whose this is: ")


def test_conduct_can_never_be_published_to_the_police():
    for hole in (
        'when = { category = "force" }\nthen = { team = "north" }',
        'when = { names_person = true, category = "noise" }\nthen = { team = "north" }',
        'when = { keywords = ["party"] }\nthen = { team = "everywhere" }',
        'when = { district = "2" }\nthen = { queue = "front-desk" }',
        'when = { wants_partner = true }\nthen = { team = "@covering" }',
    ):
        said = complaints(document(before=f'[[rule]]\ncode = "hole"\n{hole}\n{GUARDED}'))
        assert any(each.startswith("hole: The police could get what must be kept") for each in said), (hole, said)


def test_a_failing_row_of_the_table():
    (said,) = complaints(
        document(NOISE, '[[expect]]\ngiven = { category = "noise", district = "9" }\nteam = "everywhere"\n')
    )
    assert "goes to team north by noise, not to team everywhere" in said
    assert said.startswith("expect 1: ")


def test_the_table_of_the_built_in_rules_passes():
    rows = tried(built_in(CITY), CITY)
    assert {row.row.given["category"] for row in rows} == CITY.guarded
    assert all(row.passed for row in rows)


# --- any rules at all -------------------------------------------------------------------------------

VALUES = {
    "category": ["noise", "traffic", "force", "unsure"], "district": ["1", "2", "none"], "language": ["en", "es"],
    "preferred_partner": ["police", "partner", "either"],
    "partner": ["lantern", "none"], "keywords": ["party", "dog"],
    "guarded": ["yes", "no"], "names_person": ["yes", "no"], "wants_partner": ["yes", "no"],
}  # fmt: skip


def wanted(draw):
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3, unique=True))
    return {
        name: frozenset(draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=2))) for name in names
    }


@st.composite
def rule_sets(draw):
    places = [Outcome(team=code) for code in ("north", "lantern", "@covering", "@partner")]
    places += [Outcome(queue=code) for code in ("front-desk", "triage", "@oversight", "@partner")]
    made = []
    for number in range(draw(st.integers(1, 6))):
        time = draw(st.sampled_from([None, None, "Mo-Fr 08:00-18:00", "22:00-06:00"]))
        when = Conditions(wanted(draw), time, windows(time) if time else ())
        made.append(Rule(code=f"r{number}", when=when, then=draw(st.sampled_from(places))))
    return RuleSet(version=1, name="any", rules=tuple(made))


FACTS = st.builds(
    Facts,
    kind=st.just("concern"), channel=st.just("web"),
    category=st.sampled_from(["noise", "traffic", "force", "unsure", "what?"]),
    district=st.sampled_from([None, "1", "2", "9"]), language=st.sampled_from(["en", "es-MX", "ht"]),
    names_person=st.booleans(), preferred_partner=st.sampled_from(["police", "partner", "either"]),
    partner=st.sampled_from([None, "lantern", "police", "nobody"]),
    told_at=st.sampled_from(["2026-11-23T09:00:00", "2026-11-28T23:00:00", "2026-11-28T12:00:00"]),
    keywords=st.sampled_from([(), ("party",), ("dog", "party")]),
)  # fmt: skip


@settings(max_examples=400)
@given(rule_sets(), FACTS)
def test_what_matches_was_said_to_be_possible(rules, facts):
    reach = Reach.of(CITY, rules.rules)
    settled = settle(facts, CITY, rules)
    if settled.rule == "no_rule":
        assert reach.unclaimed() is not None
    elif settled.rule.startswith("r") and settled.rule != "retaliation":
        assert reach.witness(next(rule for rule in rules.rules if rule.code == settled.rule)) is not None


@settings(max_examples=400)
@given(rule_sets(), FACTS)
def test_nothing_that_must_be_kept_from_the_police_comes_to_them(rules, facts):
    settled = settle(facts, CITY, rules)
    if kept_from_police(facts, CITY):
        assert KINDS[settled.place.organisation] != POLICE
    if settled.rule == "kept_from_police":
        (first, *_) = [rule for rule in rules.rules if fits(rule.when, traits_of(facts, CITY), facts)]
        assert first is not None
        assert problems_of(read(write(rules)), CITY, KNOWN)


@settings(max_examples=200)
@given(rule_sets(), FACTS)
def test_a_set_that_may_be_published_settles_everything_by_itself(rules, facts):
    if not problems_of(read(write(rules)), CITY, KNOWN):
        assert settle(facts, CITY, rules).rule not in ("no_rule", "kept_from_police")


def witness_facts(box, reach):
    """A concern of the box, where it can be told."""
    value = {name: min(box.get(name, values)) for name, values in reach.space.items()}
    said = {
        name: None if value[name] == "none" else value[name]
        for name in ("category", "district", "language", "partner", "about")
    }
    return Facts(
        kind=value["kind"], channel=value["channel"], preferred_partner=value["preferred_partner"],
        names_person=value["names_person"] == "yes",
        told_at=_moment(int(value["time"])),
        keywords=tuple(word for word in ("dog", "party") if value.get(f"keywords {word}") == "yes"),
        **said,
    )  # fmt: skip


def _moment(minute):
    return f"2026-11-{23 + minute // 1440}T{minute % 1440 // 60:02}:{minute % 60:02}:00"


@settings(max_examples=400)
@given(rule_sets())
def test_every_witness_is_a_true_one(rules):
    reach = Reach.of(CITY, rules.rules)
    for rule in rules.rules:
        box = reach.witness(rule)
        if box is not None:
            assert settle(witness_facts(box, reach), CITY, rules).rule in (rule.code, "kept_from_police")
    left = reach.unclaimed()
    if left is not None:
        assert settle(witness_facts(left, reach), CITY, rules).rule == "no_rule"


def test_two_hundred_rules_are_checked_soon():
    made = [
        Rule(code=f"r{number}", then=Outcome(queue="oversight"), when=Conditions(asking_for(number)))
        for number in range(200)
    ]
    reach = Reach.of(CITY, made)
    assert all(reach.witness(rule) is not None for rule in made)


def asking_for(number):
    """One district's noise, by one of two words."""
    return {
        "district": frozenset({f"d{number}"}),
        "category": frozenset({"noise"}),
        "keywords": frozenset({f"w{number}", "x"}),
    }
