"""Codes: what the usual codes and words for a choice mean, for a proposed value map."""

import re

from insight_core.intake.targets import kind_of

_WORDS: dict[str, dict[str, str]] = {
    "gender": {
        "female": "f w female woman weiblich frau femme mujer femenino feminin",
        "male": "m male man männlich mann homme hombre masculino masculin h",
        "non_binary": "x d divers diverse nb nonbinary",
        "undisclosed": "u na prefer_not_to_say undisclosed withheld",
    },
    "marital_status": {
        "single": "s single never_married ledig celibataire célibataire soltero soltera",
        "married": "m married verheiratet marie marié mariée casado casada",
        "partnered": "p partnered cohabiting domestic_partner pacs",
        "separated": "separated getrennt separado",
        "divorced": "d divorced geschieden divorcé divorcée divorciado",
        "widowed": "w widowed verwitwet veuf veuve viudo viuda",
    },
    "account_status": {
        "active": "active open aktiv a actif activo",
        "closed": "closed inactive cancelled churned geschlossen c",
        "prospect": "prospect lead",
    },
    "kind": {
        "person": "p person individual private privat b2c",
        "organisation": "o organisation organization company business firma b2b",
        "order": "order purchase sale",
        "return": "return refund",
    },
    "channel": {
        "email": "email e-mail mail e_mail courriel correo",
        "sms": "sms text text_message",
        "call": "call phone telephone telefon anruf appel llamada voice",
        "chat": "chat livechat live_chat",
        "store": "store shop branch filiale tienda magasin in_store",
        "app": "app mobile_app push",
        "web": "web website online internet",
        "post": "post letter brief courrier carta",
        "social": "social social_media facebook twitter instagram whatsapp",
        "survey": "survey umfrage encuesta sondage",
        "*": "any all every alle tous todos",
    },
    "purpose": {
        "marketing": "marketing advertising ads newsletter email_marketing werbung publicité publicidad",
        "third_party_sharing": "third_party third_parties sharing partners",
        "research": "research market_research forschung",
        "analytics": "analytics profiling statistics",
    },
    "direction": {
        "inbound": "in inbound incoming received eingehend entrant entrante i",
        "outbound": "out outbound outgoing sent ausgehend sortant saliente o",
    },
    "status": {
        "given": "given yes y true 1 opt_in opted_in granted ja oui si sí erteilt",
        "withdrawn": "withdrawn no n false 0 opt_out opted_out revoked nein non widerrufen",
    },
    "employment_status": {
        "employed": "employed full_time part_time angestellt",
        "self_employed": "self_employed freelance selbständig",
        "student": "student studierend",
        "unemployed": "unemployed arbeitslos",
        "retired": "retired pensioner rentner",
        "homemaker": "homemaker housewife",
    },
}


def value_map(dataset: str, target: str, values: list[str]) -> tuple[dict[str, str], list[str]]:
    """The map for the values that a choice does not hold by itself, and the values that nobody knows."""
    allowed = kind_of(dataset, target)[1]
    known = {word: meaning for meaning, words in _WORDS.get(target, {}).items() for word in words.split()
             if meaning in allowed}  # fmt: skip
    made, unknown = {}, []
    for value in sorted(set(values)):
        word = re.sub(r"[\s-]+", "_", value.strip().lower())
        if word in allowed:
            continue
        if word in known:
            made[value.strip()] = known[word]
        else:
            unknown.append(value)
    return made, unknown
