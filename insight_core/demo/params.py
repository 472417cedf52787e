"""Every rate of the made-up world, with what it means and what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from insight_core.demo.limits import check, rate, table


@dataclass(frozen=True)
class Params:
    """The rates of a world; those called `..._rate` are chances a year, those called `..._share` are shares."""

    end: str = field(default="2026-06-30", metadata={"meaning": "The last day of the world; its clock stops there"})
    years: int = rate(6, "Simulated years before the end", 2, 12)
    organisation_share: float = rate(0.05, "Customers that are organisations", 0.02, 0.5)

    # Households and lives
    households: Mapping[str, float] = table(
        {
            "single": 0.34,
            "couple": 0.24,
            "half_couple": 0.14,
            "family": 0.17,
            "half_family": 0.06,
            "single_parent": 0.05,
        },
        "Weights of the kinds of household; of a half couple or family only one adult is a customer",
        high=100,
    )
    grown_child_share: float = rate(0.3, "Families with a grown child at home that is a customer too")
    move_young_rate: float = rate(0.4, "Households under 35 that move")
    move_rate: float = rate(0.2, "Households from 35 on that move")
    far_move_share: float = rate(0.6, "Moves that go to another town")
    leave_home_age: int = rate(22, "Age at which children leave home, three years more or less", 18, 40)
    partner_rate: float = rate(0.14, "Singles under 60 that find a partner and move together")
    outside_partner_share: float = rate(0.5, "New partners that are no customers")
    wedding_rate: float = rate(0.25, "Partnered people that marry")
    shared_name_share: float = rate(0.6, "Weddings after which both carry one surname")
    divorce_rate: float = rate(0.04, "Couples that part; the one without the children moves out")
    widow_rate: float = rate(0.02, "Married people over 65 whose partner, no customer, dies")
    birth_rate: float = rate(0.15, "Couples of an age to have children that have another one")
    graduate_rate: float = rate(0.3, "Students that begin to work")
    new_job_rate: float = rate(0.27, "Employed people that change employer")
    job_loss_rate: float = rate(0.05, "Employed people that lose their work")
    rehire_rate: float = rate(0.6, "Unemployed people that find work")
    raise_rate: float = rate(0.7, "Working people whose income changes")
    retirement_age: int = rate(65, "Age from which people retire, within two years", 50, 80)
    buy_home_share: float = rate(0.35, "Moves into a home of one's own")
    young_until: int = rate(35, "Age up to which people without children at home are young", 20, 60)
    young_child_until: int = rate(12, "Age of the youngest child at home up to which children are young", 1, 18)
    nest_from: int = rate(45, "Age from which parents without children at home have an empty nest", 30, 80)
    car_rate: float = rate(0.25, "People whose number of cars changes")
    interest_rate: float = rate(0.2, "Customers that change one of their two interests")

    # Contact points and contracts
    email_rate: float = rate(0.28, "Customers that change their e-mail address")
    phone_rate: float = rate(0.25, "Customers that change their telephone number")
    shared_phone_share: float = rate(0.12, "Couples with one telephone number between them")
    service_rate: float = rate(0.5, "Customers that add or drop a service")
    contract_rate: float = rate(0.25, "Customers that change their kind of contract")
    payment_rate: float = rate(0.22, "Customers that change how they pay")
    paperless_rate: float = rate(0.15, "Customers that change how bills reach them")
    close_rate: float = rate(0.04, "Customers that close their account")

    # Organisations
    direction_shares: Mapping[str, float] = table(
        {"growing": 0.35, "flat": 0.4, "shrinking": 0.25}, "Weights of where companies go at the start", high=100
    )
    turn_rate: float = rate(0.08, "Companies that change direction")
    growth: Mapping[str, float] = table(
        {"growing": 0.3, "flat": 0.0, "shrinking": -0.28}, "Yearly growth of each direction", -0.9, 3.0
    )
    growth_spread: float = rate(0.04, "Standard deviation of a company's own growth about it")
    growth_up: float = rate(0.1, "Growth a year from which a company counts as growing", 0, 3)
    growth_down: float = rate(-0.1, "Growth a year below which it counts as shrinking", -0.9, 0)
    company_orders: Mapping[str, float] = table(
        {"low": 12, "high": 60}, "Range of a company's orders a year at the start", 0, 10_000
    )

    company_order_spread: float = rate(0.3, "Spread (of the logarithm) of a company's orders of a month", 0, 2)

    # What the company recorded
    coverage: Mapping[str, float] = table(
        {"crm": 0.85, "billing": 0.8, "webshop": 0.55, "sales": 0.9},
        "Chance that a source knows a customer (the web shop people only, the sales sheet organisations only)",
    )
    record_age: Mapping[str, float] = table(
        {"crm": 0.77, "billing": 0.75, "webshop": 0.75, "sales": 0.7},
        "Mean age of a source's records, as a share of the simulated years",
        0.01,
        0.99,
    )
    second_record_share: float = rate(0.04, "People that one source holds twice, under two keys", 0, 0.5)
    exact_duplicate_share: float = rate(0.01, "Rows that a source repeats exactly", 0, 0.5)
    verified_share: float = rate(0.2, "Records of the CRM that somebody confirmed later")
    unreadable_share: float = rate(0.002, "Extra rows that nobody can read, for the quarantine", 0, 0.005)

    # Defects of the cells
    missing: Mapping[str, float] = table(
        {"crm": 0.335, "billing": 0.345, "webshop": 0.345, "sales": 0.33},
        "Empty cells by source, before `missing_by_field`",
    )
    missing_by_field: Mapping[str, float] = table(
        {
            "given_name": 0.06, "family_name": 0.02, "organisation_name": 0.02, "customer_since": 0.3,
            "account_status": 0.3, "street": 0.5, "city": 0.5, "postal_code": 0.5, "country": 0.5,
            "annual_income": 1.8, "occupation": 1.5, "employer": 1.5, "birth_date": 0.5,
            "marital_status": 0.7, "employment_status": 0.7, "children_total": 0.8, "children_at_home": 0.8,
            "cars_owned": 1.5, "commute_distance": 1.6, "home_owner": 1.5,
        },
        "Factors on `missing` for the fields that are asked for more or less than others",
        high=3,
    )  # fmt: skip
    wrong: Mapping[str, float] = table(
        {"crm": 0.18, "billing": 0.17, "webshop": 0.18, "sales": 0.16}, "Cells that were wrong when written, by source"
    )
    wrong_by_field: Mapping[str, float] = table(
        {"given_name": 0.35, "family_name": 0.35, "organisation_name": 0.4, "country": 0.3, "birth_date": 0.3},
        "Factors on `wrong` for the fields that are mistaken more or less than others",
        high=10,
    )
    restyled_share: float = rate(0.2, "Texts written in capitals, abbreviated or without accents; they count as right")

    # Contacts
    contacts_a_year: float = rate(3.0, "Contacts of a customer with the company a year", 0, 1000)
    outbound_share: float = rate(0.55, "Contacts that the company begins")
    company_channels: Mapping[str, float] = table(
        {"email": 0.5, "sms": 0.15, "call": 0.25, "chat": 0.0, "store": 0.0, "app": 0.1},
        "Weights of the channels that the company uses, whoever it writes to", high=100,
    )  # fmt: skip
    customer_channels: Mapping[str, float] = table(
        {"email": 0.2, "sms": 0.05, "call": 0.35, "chat": 0.15, "store": 0.15, "app": 0.1},
        "Weights of the channels that customers take when theirs is not to hand", high=100,
    )  # fmt: skip
    own_channel_share: float = rate(0.5, "Inbound contacts on the channel that the customer prefers")
    preferred_cap: float = rate(0.5, "Most that the preferred channel may have of one customer's contacts", 0, 0.5)
    answer_preferred: float = rate(0.6, "Outbound contacts answered on the preferred channel")
    answer_other: float = rate(0.15, "Outbound contacts answered on another channel")
    own_daypart_share: float = rate(0.55, "Inbound contacts in the part of the day that the customer prefers")
    complaint_share: float = rate(0.1, "Inbound contacts that are complaints")

    # Hidden tastes
    taste_channels: Mapping[str, float] = table(
        {"email": 0.25, "sms": 0.15, "call": 0.2, "chat": 0.15, "store": 0.1, "app": 0.15},
        "Weights of the preferred channels", high=100,
    )  # fmt: skip
    taste_dayparts: Mapping[str, float] = table(
        {"06-09": 0.1, "09-12": 0.25, "12-14": 0.15, "14-18": 0.2, "18-22": 0.3},
        "Weights of the preferred parts of the day",
        high=100,
    )
    taste_tones: Mapping[str, float] = table(
        {"formal": 0.25, "friendly": 0.35, "brief": 0.25, "detailed": 0.15}, "Weights of the preferred tones", high=100
    )
    company_tones: Mapping[str, float] = table(
        {"formal": 0.5, "friendly": 0.25, "brief": 0.1, "detailed": 0.15}, "Weights of the tones that the company uses",
        high=100,
    )  # fmt: skip

    # Orders, calls among customers, consent
    orders_a_year: float = rate(2.0, "Orders of a person a year", 0, 1000)
    order_spread: float = rate(0.8, "Spread (of the logarithm) of that number between people", 0, 2)
    interest_focus: float = rate(0.6, "Orders that go to one of the customer's two interests")
    return_share: float = rate(0.04, "Orders sent back")
    circle_calls_a_year: float = rate(2.0, "Calls and messages of a customer to others of the circle a year", 0, 1000)
    circle_size: int = rate(6, "Customers in a circle", 2, 50)
    consent_shares: Mapping[str, float] = table(
        {"marketing": 0.62, "third_party_sharing": 0.2, "research": 0.3}, "People that ever gave consent, by purpose"
    )
    withdrawal_rate: float = rate(0.1, "Consents taken back")
    objection_share: float = rate(0.04, "People that object to analytics")

    def __post_init__(self) -> None:
        """Refuse what lies outside its limits."""
        for one in fields(self):
            check(one.name, getattr(self, one.name), one.metadata)
