"""Notices that stand, and objections to them."""

from shop.benefits.models import VersionStatus
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.objections.forms import ObjectionForm
from shop.objections.models import Objection, ObjectionKind
from shop.objections.services import receive_objection
from shop.villages.models import Tenure
from tests.factories.benefits import make_version
from tests.factories.building import building
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_endorsement
from tests.factories.villages import make_tenure

TEXT = '名单里的赵家早就搬走了，应当换成在村里住的户。'


@building
def make_notice(tenure: Tenure | None = None, *, households: int = 6) -> Endorsement:
    """An endorsement whose notice stands for five days, with its agreement."""
    tenure = tenure or make_tenure()
    product = make_product(tenure.village)
    make_version(product, households=households, status=VersionStatus.ON_NOTICE)
    return make_endorsement(product, tenure, status=EndorsementStatus.ON_NOTICE, drafted_by_id=tenure.secretary.user_id)


@building
def make_objection(endorsement: Endorsement, *, visit: str = 'visit', name: str = '', phone: str = '') -> Objection:
    """An objection received now."""
    form = ObjectionForm(ObjectionKind.NAMED_WRONGLY, TEXT, name, phone, new_token(), {})
    return receive_objection(endorsement, form, visit_digest=visit, keys='test', at=clock.now())
