"""The port to whoever sends short messages, held against a stand-in that checks what it is asked."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from shop.accounts.sms import AliyunDriver, LogDriver, SmsDownError, canonical_query, driver_of, signed_headers

AT = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


class StandIn(BaseHTTPRequestHandler):
    """Answers as the service does, after signing the request once more by its own account."""

    answer: tuple[int, bytes] = (200, b'{"Code":"OK","BizId":"1"}')
    asked: ClassVar[list[dict[str, str]]] = []

    def do_POST(self):
        query = urlsplit(self.path).query
        expected = signed_headers(
            self.headers['x-acs-action'], self.headers['x-acs-version'], query, host=self.headers['Host'],
            key_id='id', key_secret='secret', at=AT, nonce=self.headers['x-acs-signature-nonce'],
        )  # fmt: skip
        is_signed = self.headers['Authorization'] == expected['Authorization']
        code, body = self.answer if is_signed else (403, b'{"Code":"SignatureDoesNotMatch"}')
        self.asked.append({name: values[0] for name, values in parse_qs(query).items()})
        self.send_response(code)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # noqa: A002
        """Say nothing."""


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setattr(StandIn, 'asked', [])
    server = HTTPServer(('127.0.0.1', 0), StandIn)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f'http://127.0.0.1:{server.server_port}'
    server.shutdown()
    thread.join()
    server.server_close()


def driver(url: str, secret: str = 'secret') -> AliyunDriver:
    return AliyunDriver(url, 'id', secret, sign_name='山货 & 村', template='SMS_1')


def test_the_signature_is_the_one_of_the_printed_example():
    query = canonical_query(
        {'RegionId': 'cn-shanghai', 'ImageId': 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'}
    )
    headers = signed_headers(
        'RunInstances', '2014-05-26', query, host='ecs.cn-shanghai.aliyuncs.com', key_id='YourAccessKeyId',
        key_secret='YourAccessKeySecret', at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce='3156853299f313e23d1673dc12e1703d',
    )  # fmt: skip
    assert headers['Authorization'] == (
        'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;'
        'x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0'
    )
    assert canonical_query({'b': '山 *~', 'a': '1&2'}) == 'a=1%262&b=%E5%B1%B1%20%2A~'


def test_a_code_is_asked_to_be_sent(service):
    driver(service).send_code('13812345678', '012345', at=AT)
    (asked,) = StandIn.asked
    assert asked == {
        'PhoneNumbers': '13812345678',
        'SignName': '山货 & 村',
        'TemplateCode': 'SMS_1',
        'TemplateParam': json.dumps({'code': '012345'}),
    }


@pytest.mark.parametrize(
    ('answer', 'said'),
    [
        ((200, b'{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"m"}'), 'isv.BUSINESS_LIMIT_CONTROL: m'),
        ((200, b'<html>'), 'no JSON'),
        ((200, b'[]'), 'None'),
        ((500, b'oops'), '500: oops'),
    ],
)
def test_every_other_answer_is_a_failure(service, monkeypatch, answer, said):
    monkeypatch.setattr(StandIn, 'answer', answer)
    with pytest.raises(SmsDownError, match=said):
        driver(service).send_code('13812345678', '012345', at=AT)


def test_a_wrong_secret_and_a_service_that_is_away_are_failures(service):
    with pytest.raises(SmsDownError, match='SignatureDoesNotMatch'):
        driver(service, 'wrong').send_code('13812345678', '012345', at=AT)
    with pytest.raises(SmsDownError):
        driver('http://127.0.0.1:1').send_code('13812345678', '012345', at=AT)


def test_the_log_driver_writes_the_code_down(tmp_path, caplog):
    LogDriver(tmp_path / 'sms').send_code('13812345678', '012345', at=AT)
    LogDriver(None).send_code('13812345678', '999999', at=AT)
    assert [file.read_text() for file in (tmp_path / 'sms').iterdir()] == ['012345\n']
    assert caplog.messages == ['sign-in code for 13812345678: 012345', 'sign-in code for 13812345678: 999999']


def test_a_driver_set_up_by_half_stops_the_start(make_app):
    with pytest.raises(ValueError, match='SMS_DRIVER is one of log, aliyun'):
        make_app(SMS_DRIVER='pigeon')
    with pytest.raises(ValueError, match='ALIYUN_KEY_SECRET, ALIYUN_SMS_SIGN'):
        make_app(SMS_DRIVER='aliyun', ALIYUN_KEY_ID='id', ALIYUN_SMS_TEMPLATE='SMS_1')
    app = make_app(
        SMS_DRIVER='aliyun',
        ALIYUN_KEY_ID='id',
        ALIYUN_KEY_SECRET='s',
        ALIYUN_SMS_SIGN='村',
        ALIYUN_SMS_TEMPLATE='SMS_1',
    )
    found = driver_of(app.config)
    assert isinstance(found, AliyunDriver)
    assert found.url == 'https://dysmsapi.aliyuncs.com'
    assert isinstance(driver_of(make_app().config), LogDriver)
    silent = driver_of(make_app(SHOP_DEMO='0').config)
    assert isinstance(silent, LogDriver)
    assert silent.folder is None
