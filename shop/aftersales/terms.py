"""How long each step of a case may take, from the settings; services are told, they read no settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Terms:
    """The spans of a case: for the village, for the buyer, and within what a claim can be made after receipt."""

    answer: timedelta = timedelta(hours=48)
    send_back: timedelta = timedelta(days=7)
    arrival: timedelta = timedelta(days=10)
    appeal: timedelta = timedelta(days=7)
    claim: timedelta = timedelta(days=7)
    spoiled: timedelta = timedelta(hours=48)
    receive: timedelta = timedelta(days=10)


def terms_of(config: Mapping[str, Any]) -> Terms:
    """Return the spans that the settings give."""
    return Terms(
        answer=timedelta(hours=config['AFTERSALE_ANSWER_HOURS']),
        send_back=timedelta(days=config['AFTERSALE_RETURN_DAYS']),
        arrival=timedelta(days=config['AFTERSALE_ARRIVAL_DAYS']),
        appeal=timedelta(days=config['AFTERSALE_APPEAL_DAYS']),
        claim=timedelta(days=config['AFTERSALE_CLAIM_DAYS']),
        spoiled=timedelta(hours=config['AFTERSALE_SPOILED_HOURS']),
        receive=timedelta(days=config['AUTO_RECEIVE_DAYS']),
    )
