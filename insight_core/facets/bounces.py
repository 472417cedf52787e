"""Bounces: when a message to each of a customer's contact points came back last.

The contact point is that which the channel needs: a text and a call go to the telephone, a letter to the street.
"""

from ibis.expr.types import IntegerScalar, Table

BOUNCED = "bounced"
CHANNELS = {"email_bounced_at": ("email",), "phone_bounced_at": ("sms", "call"), "street_bounced_at": ("post",)}


def bounces(contacts: Table) -> dict[str, IntegerScalar]:
    """Aggregates over contacts: per contact point the newest instant of a bounce, null where nothing came back."""
    came_back = contacts.outcome == BOUNCED
    return {
        name: contacts.occurred_at.max(where=came_back & contacts.channel.isin(channels))
        for name, channels in CHANNELS.items()
    }
