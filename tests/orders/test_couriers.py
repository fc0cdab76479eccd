"""Tracking numbers: the forms of each courier, and the pages where parcels are followed."""

import pytest

from shop.orders.couriers import (
    EXAMPLES,
    TrackingNumberError,
    is_number_of,
    read_tracking_number,
    tracking_page,
)
from shop.orders.models import Courier


@pytest.mark.parametrize(
    ('courier', 'typed', 'kept'),
    [
        (Courier.SF, 'sf 1234 5678 90123', 'SF1234567890123'),
        (Courier.SF, '１２３４５６７８９０１２', '123456789012'),
        (Courier.ZTO, '751234567890', '751234567890'),
        (Courier.ZTO, '75123456789012', '75123456789012'),
        (Courier.YTO, 'yt1234567890123', 'YT1234567890123'),
        (Courier.YTO, '881234567890123456', '881234567890123456'),
        (Courier.STO, '7712345678901', '7712345678901'),
        (Courier.YUNDA, '4312345678901', '4312345678901'),
        (Courier.JD, 'JDVA12345678901-1-1-', 'JDVA12345678901-1-1-'),
        (Courier.DEPPON, '12345678', '12345678'),
        (Courier.POST, 'PA12345678901', 'PA12345678901'),
        (Courier.EMS, 'EA123456785CN', 'EA123456785CN'),
        (Courier.PICKUP, '', ''),
        *((courier, example, example) for courier, example in EXAMPLES.items()),
    ],
)
def test_a_number_is_kept_in_its_one_form(courier, typed, kept):
    assert read_tracking_number(courier, typed) == kept


@pytest.mark.parametrize(
    ('courier', 'typed', 'said'),
    [
        (Courier.SF, 'SF12345', '应像 SF1234567890123，请核对'),
        (Courier.SF, '', '应像 SF1234567890123，请核对'),
        (Courier.ZTO, 'SF1234567890123', '它像是顺丰速运的'),
        (Courier.ZTO, '65123456789012', '应像 75123456789012'),
        (Courier.YUNDA, '123456789012345', '它像是顺丰速运的'),
        (Courier.JT, 'J1234567890123', '应像 JT1234567890123'),
        (Courier.EMS, 'EA123456789CN', '应像 1234567890123'),  # the check digit is 5
        (Courier.POST, '98 76', '应像 9812345678901'),
        (Courier.PICKUP, '顾客自提', '最多 20 位字母、数字'),
    ],
)
def test_what_is_no_number_of_the_courier_is_told_with_what_would_be_right(make_app, courier, typed, said):
    with make_app().app_context(), pytest.raises(TrackingNumberError, match=said) as refused:
        read_tracking_number(courier, typed)
    assert refused.value.field == 'tracking_number'


def test_every_courier_has_a_form_and_a_page():
    for courier in Courier:
        assert not is_number_of(courier, '?')
        assert (tracking_page(courier, '?') != '') is (courier is not Courier.PICKUP)


def test_a_parcel_is_followed_under_its_number_where_the_courier_lets_one():
    assert tracking_page(Courier.ZTO, '75123456789012').endswith('?txtBill=75123456789012')
    assert tracking_page(Courier.ZTO, 'YS0000134901') == 'https://www.zto.com/express/expressCheck.html'
    assert tracking_page(Courier.YTO, 'YT1234567890123') == 'https://www.yto.net.cn/query/order/'
