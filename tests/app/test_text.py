"""Text from data stays text, and values read as people read them."""

from datetime import UTC, datetime

import pytest

from app import text, words

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<img src=x onerror=y>", "<bdi>&lt;img src=x onerror=y&gt;</bdi>"),
        ("a\"b'c&d", "<bdi>a&quot;b&#x27;c&amp;d</bdi>"),
        ("مريم", "<bdi>مريم</bdi>"),
    ],
)
def test_html_holds_no_markup_of_the_data(value: str, shown: str) -> None:
    assert text.html(value) == shown


@pytest.mark.parametrize(
    "value", ["[x](javascript:y)", "**b**", "$x^2$", "<b>", "`c`", "# h", "| a |", "a_b_", "~~s~~"]
)
def test_every_mark_of_markdown_is_escaped(value: str) -> None:
    shown = text.markdown(value)
    marks = [at for at, letter in enumerate(shown) if letter in "[]()*$<>`#|_~^"]
    assert marks
    assert all(shown[at - 1] == "\\" for at in marks)


@pytest.mark.parametrize("value", [":red[x]", ":smile:", ":material/home:", "a@example.com", "https://example.com"])
def test_what_is_found_after_the_marks_were_read_is_kept_apart(value: str) -> None:
    assert "\u2060" in text.markdown(value)


def test_a_label_of_a_picture_is_escaped_and_short() -> None:
    assert text.label("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"
    assert len(text.label("n" * 300)) == 48


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (None, text.DASH),
        ("2026-07-01T00:00:00Z", "today"),
        ("2026-06-30", "yesterday"),
        ("2026-06-19", "12 days ago"),
        ("2026-03-01", "4 months ago"),
        ("2020-07-01", "6 years ago"),
        ("2026-08-01", "on 1 Aug 2026"),
    ],
)
def test_dates_are_told_as_how_long_ago(at: str | None, shown: str) -> None:
    assert text.ago(at, NOW) == shown


@pytest.mark.parametrize(
    ("confidence", "told"),
    [(1.0, "over 99% sure"), (0.994, "99% sure"), (0.756, "76% sure"), (0.01, "1% sure"), (0.0003, "under 1% sure")],
)
def test_nothing_is_wholly_sure(confidence: float, told: str) -> None:
    assert text.sure(confidence) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("email", "E-mail"),
        ("contact_gap_days", "Contact gap"),
        ("tenure_months", "Tenure"),
        ("last_order_at", "Last order"),
    ],
)
def test_a_field_is_called_without_the_unit_that_its_value_says(name: str, told: str) -> None:
    assert words.name_of(name) == told


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("email", None, text.DASH),
        ("birth_date", "1971-10-06", "6 Oct 1971"),
        ("annual_income", 90000.0, "90,000 a year"),
        ("monthly_charges", 47.21, "47.21 a month"),
        ("home_owner", True, "yes"),
        ("household_size", 1, "1 person"),
        ("household_size", 3, "3 people"),
        ("founded_year", 1998, "1998"),
        ("interest_share", 0.6, "60%"),
        ("average_sentiment", -0.01, "0.0"),
        ("stage", "young_single", "young single"),
        ("interests", ["mountain_bikes", "tires"], "mountain bikes, tires"),
        ("product_mix", [{"name": "cycling", "count": 3}], "cycling (3)"),
    ],
)
def test_a_value_reads_as_people_read_it(field: str, value: object, shown: str) -> None:
    assert words.shown(field, value) == shown


def test_a_record_keeps_money_in_millionths_and_lists_as_json() -> None:
    assert words.shown_stored("annual_income", 90_000_000_000) == "90,000 a year"
    assert words.shown_stored("stated_interests", '["music"]') == "music"


def test_codes_in_a_reason_become_words() -> None:
    assert words.readable("postal_code is missing: 3% of what is needed") == "postal code missing: 3% of what is needed"
    assert (
        words.readable("last_interaction_at: 18 days old; tenure_months is missing")
        == "last interaction: 18 days old; tenure is missing"
    )
    assert words.readable("no consent since 2026-06-10") == "no consent since 10 Jun 2026"
    assert words.readable("part 2026-13-45") == "part 2026-13-45"
    assert words.readable("written as ISO 8601 (2026-01-31)") == "written as ISO 8601 (2026-01-31)"
    assert words.readable("no email known of ann@email.com") == "no e-mail known of ann@email.com"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (1, "1 day"),
        (59, "59 days"),
        (60, "2 months"),
        (540, "18 months"),
        (730, "2 years"),
        (1151, "3 years"),
        (2053, "5½ years"),
        (4200, "11 years"),
    ],
)
def test_a_span_of_days_is_told_no_finer_than_anybody_needs_it(days: int, told: str) -> None:
    assert text.span(days) == told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("email: 1151 days old, half-life 540 days", "e-mail: 3 years old; half of such change within 18 months"),
        ("0 days old, half-life 540 days", "of today; half of such change within 18 months"),
        ("the newest evidence is 1275 days old; the limit is 730",
         "the newest evidence is 3½ years old; the limit is 2 years"),
        ("the email on record is 1700 days old: confirm it first", "the e-mail on record is 4½ years old; confirm it first"),
        ("28 withheld fields", "28 fields withheld"),
        ("stated_interests is missing: 2% of what is needed", "stated interests missing: 2% of what is needed"),
    ],
)  # fmt: skip
def test_an_age_in_a_reason_is_told_as_people_tell_it(reason: str, told: str) -> None:
    assert words.readable(reason) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sms", "SMS"),
        ("email", "E-mail"),
        ("save_and_simplify", "Save and simplify"),
        ("ask_for_the_missing_email", "Ask for the missing e-mail"),
    ],
)
def test_codes_read_as_words(code, told):
    assert text.sentence(code) == told


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("email: 'no' is not shaped like an e-mail address.", "E-mail: 'no' is not shaped like an e-mail address."),
        ("birth_date: '2090-01-01' lies in the future.", "Birth date: '2090-01-01' lies in the future."),
        ("email_list.csv: it is empty.", "email_list.csv: it is empty."),
    ],
)
def test_a_mistake_about_a_field_calls_it_by_its_name(mistake: str, told: str) -> None:
    assert words.about_field(mistake) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.91, 0.93, ("91%", "93%")),
        (0.988, 0.993, ("98.8%", "99.3%")),
        (0.9934, 0.9934, ("99%", "99%")),
        (0.99341, 0.99339, ("99%", "99%")),
        (None, 0.5, (text.DASH, "50%")),
        (None, None, (text.DASH, text.DASH)),
    ],
)
def test_two_shares_are_told_as_finely_as_it_takes_to_tell_them_apart(
    before: float | None, after: float | None, told: tuple[str, str]
) -> None:
    assert text.apart(before, after) == told


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (text.percent(-0.314), "\N{MINUS SIGN}31%"),
        (text.percent(-0.001), "0%"),
        (text.gain(0.04), "+4%"),
        (text.gain(-0.31), "\N{MINUS SIGN}31%"),
        (text.number(-3.25, 1), "\N{MINUS SIGN}3.2"),
        (words.shown("average_sentiment", -0.3), "\N{MINUS SIGN}0.3"),
        (
            words.dated("over the three, -44% a year (-25%) from 22-06 h"),
            "over the three, \N{MINUS SIGN}44% a year (\N{MINUS SIGN}25%) from 22-06 h",
        ),
        (words.dated("b-12 since 2026-01-05"), "b-12 since 5 Jan 2026"),
    ],
)
def test_what_is_below_nought_has_a_minus_sign_and_no_hyphen(told: str, shown: str) -> None:
    assert told == shown
