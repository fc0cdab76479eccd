"""The outbox: told once, sent at least once, tried again with patience, and left to a person in the end."""

import email
import socket
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.letters import worker
from shop.letters.messages import Content, message_id
from shop.letters.models import Letter, LetterMoveError, LetterStatus, LetterStep
from shop.letters.services import MAX_ATTEMPTS, WAITS, queue_letter, retry_letter
from shop.letters.transports import (
    FileBox,
    SmtpServer,
    TransportDownError,
    check_mail_settings,
    transport_of,
)
from tests.factories.accounts import make_user

pytestmark = pytest.mark.usefixtures('clock_hand')

SENDER = '山货 <shop@example.com>'
S = LetterStatus


class Post:
    """A mail server's mind: what it took, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[email.message.EmailMessage] = []
        self.to_recipient = ''
        self.to_data = ''

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.to_data:
            return self.to_data
        self.taken.append(email.message_from_bytes(envelope.content, policy=default))
        return '250 OK'


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def smtp(post):
    """A way out to a real server on this machine."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname='127.0.0.1', port=port)
    controller.start()
    yield SmtpServer('127.0.0.1', port, user='', password='', tls='none')
    controller.stop()


def queue(cause: str = 'paid:1', *, language: str = 'zh', recipient: str = 'li@example.com') -> None:
    with transaction():
        queue_letter(cause, kind='paid', recipient=recipient, language=language, facts={'n': 1}, at=clock.now())


def write(letter: Letter) -> Content:
    return Content(
        f'付款成功 {letter.facts["n"]}', ('谢谢 <您>',), (('木耳 × 2', '¥79.80'),), (('看订单', 'http://x/o'),)
    )


def send(transport, compose=write) -> int:
    words = {'shop_name': '第一书记代言', 'foot': '请勿直接回复'}
    return worker.send_due_letters(compose, transport, sender=SENDER, words=lambda: words, at=clock.now())


def the_letter() -> Letter:
    db.session.rollback()
    return db.session.scalars(select(Letter)).one()


def test_a_cause_is_told_once_and_the_letter_says_the_same_in_both_parts(app, smtp, post):
    queue()
    queue(recipient='other@example.com')
    assert (send(smtp), send(smtp)) == (1, 0)
    (message,) = post.taken
    assert message['To'] == 'li@example.com'
    assert message['Subject'] == '付款成功 1'
    assert message['Message-ID'] == message_id('paid:1', SENDER)
    plain, page = (message.get_body((kind,)).get_content() for kind in ('plain', 'html'))
    for said in ('¥79.80', 'http://x/o', '第一书记代言'):
        assert said in plain
        assert said in page
    assert '谢谢 <您>' in plain
    assert '谢谢 &lt;您&gt;' in page
    letter = the_letter()
    assert (letter.status, letter.attempts, letter.subject) == (S.SENT, 1, '付款成功 1')
    assert letter.sent_at == clock.now()


def test_a_letter_is_written_in_its_own_language(app, smtp, post):
    queue('a', language='en')
    queue('b')
    send(smtp, lambda letter: Content(S.SENT.label, (S.FAILED.label,)))
    assert [message['Content-Language'] for message in post.taken] == ['en', 'zh-Hans']
    assert post.taken[1]['Subject'] == '已发送'


def test_a_recipient_that_is_refused_for_good_fails_at_once_and_a_person_may_try_again(app, smtp, post):
    post.to_recipient = '550 5.1.1 no such mailbox'
    queue()
    assert send(smtp) == 0
    letter = the_letter()
    assert (letter.status, letter.last_error) == (S.FAILED, '550 5.1.1 no such mailbox')
    user = make_user()
    with transaction():
        retry_letter(letter, actor=user, at=clock.now())
    with pytest.raises(LetterMoveError), transaction():
        retry_letter(letter, actor=user, at=clock.now())
    post.to_recipient = ''
    assert send(smtp) == 1
    steps = db.session.execute(select(LetterStep.from_status, LetterStep.to_status, LetterStep.actor_id)).all()
    assert [(str(a.value), str(b.value), by) for a, b, by in steps] == [
        ('queued', 'failed', None),
        ('failed', 'queued', user.id),
        ('queued', 'sent', None),
    ]


def test_an_outage_is_waited_for_with_patience_that_ends(app, clock_hand):
    nobody = SmtpServer('127.0.0.1', 1, user='', password='', tls='none')
    queue('first')
    queue('second')
    assert send(nobody) == 0
    tried = db.session.scalars(select(Letter.attempts).order_by(Letter.id)).all()
    assert list(tried) == [1, 0], 'the way out is blocked for all'
    with transaction():
        db.session.delete(db.session.get_one(Letter, 2))
    for wait in WAITS:
        clock_hand.move(seconds=wait.total_seconds() - 1)
        assert send(nobody) == 0
        clock_hand.move(seconds=1)
        send(nobody)
    letter = the_letter()
    assert (letter.status, letter.attempts) == (S.FAILED, MAX_ATTEMPTS)
    assert 'ConnectionRefusedError' in letter.last_error
    clock_hand.move(days=30)
    send(nobody)
    assert the_letter().attempts == MAX_ATTEMPTS


@pytest.mark.parametrize(('answer', 'status'), [('451 try later', S.QUEUED), ('554 never', S.FAILED)])
def test_what_the_server_says_to_the_letter_itself_decides_too(app, smtp, post, answer, status):
    post.to_data = answer
    queue()
    send(smtp)
    assert (the_letter().status, the_letter().last_error) == (status, answer)


def test_a_crash_after_sending_sends_again_under_the_same_id(app, smtp, post, clock_hand, monkeypatch):
    queue()

    def crash(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(worker, 'note_sent', crash)
        with pytest.raises(SystemExit):
            send(smtp)
    assert send(smtp) == 0, 'not before the wait is over: a crash must not send in a loop'
    clock_hand.move(minutes=1)
    assert send(smtp) == 1
    assert len({message['Message-ID'] for message in post.taken}) == 1 < len(post.taken) == 2


def test_a_letter_that_cannot_be_written_keeps_none_of_the_others_and_one_that_is_untrue_is_dropped(app, tmp_path):
    for cause in ('bad', 'old', 'good'):
        queue(cause)

    def compose(letter: Letter) -> Content | None:
        if letter.cause == 'bad':
            raise KeyError('planted')
        return write(letter) if letter.cause == 'good' else None

    assert send(FileBox(tmp_path / 'mail'), compose) == 2
    rows = db.session.execute(select(Letter.cause, Letter.status, Letter.last_error)).all()
    assert {tuple(row) for row in rows} == {
        ('bad', S.QUEUED, "KeyError: 'planted'"),
        ('old', S.DROPPED, ''),
        ('good', S.SENT, ''),
    }
    (file,) = (tmp_path / 'mail').iterdir()
    assert email.message_from_bytes(file.read_bytes(), policy=default)['Subject'] == '付款成功 1'


def test_two_workers_do_not_send_the_same_letter(app, smtp, post):
    queue()

    def compose(letter: Letter) -> Content:
        db.session.rollback()
        assert send(smtp) == 0, 'another worker finds it claimed'
        return write(db.session.scalars(select(Letter)).one())

    send(smtp, compose)
    assert len(post.taken) == 1


def test_a_letter_of_a_unit_of_work_that_fails_is_never_sent(app):
    with pytest.raises(RuntimeError), transaction():
        queue_letter('x', kind='paid', recipient='a@example.com', language='zh', facts={}, at=clock.now())
        raise RuntimeError
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0


def test_the_box_of_files_keeps_one_file_for_a_letter_and_says_when_it_cannot_write(tmp_path):
    message = email.message.EmailMessage()
    message['Message-ID'] = message_id('paid:1', SENDER)
    box = FileBox(tmp_path / 'mail')
    box.deliver(message, letter_id=7)
    box.deliver(message, letter_id=7)
    assert [file.name for file in (tmp_path / 'mail').iterdir()] == [
        f'00000007-{message_id("paid:1", SENDER)[1:13]}.eml'
    ]
    (tmp_path / 'file').touch()
    with pytest.raises(TransportDownError):
        FileBox(tmp_path / 'file').deliver(message, letter_id=7)


@pytest.mark.parametrize('tls', ['starttls', 'tls'])
def test_a_server_that_cannot_speak_in_secret_is_not_trusted(smtp, tls):
    server = SmtpServer(smtp.host, smtp.port, user='u', password='p', tls=tls)
    message = email.message.EmailMessage()
    message['From'], message['To'] = SENDER, 'li@example.com'
    with pytest.raises(TransportDownError):
        server.deliver(message, letter_id=1)


def test_a_server_is_not_told_a_password_it_does_not_ask_for(smtp):
    server = SmtpServer(smtp.host, smtp.port, user='u', password='p', tls='none')
    with pytest.raises(TransportDownError, match='AUTH'):
        server.deliver(email.message.EmailMessage(), letter_id=1)


HALF = [
    ({'SMTP_USER': 'u'}, 'SMTP_USER is set but SMTP_HOST is not'),
    ({'SMTP_HOST': 'mail.example.com'}, 'MAIL_FROM is not'),
    ({'SMTP_HOST': 'mail.example.com', 'MAIL_FROM': 'a@example.com'}, 'PUBLIC_URL is not'),
    ({'SMTP_HOST': 'mail.example.com', 'SMTP_USER': 'u'}, 'go together'),
    ({'SMTP_TLS': 'maybe'}, 'SMTP_TLS is one of'),
    ({'MAIL_FROM': 'nobody'}, 'MAIL_FROM must be'),
    ({'SMTP_PORT': 'x'}, 'SMTP_PORT must be a whole number'),
]


@pytest.mark.parametrize(('given', 'said'), HALF)
def test_mail_set_up_by_half_stops_the_start(make_app, given, said):
    with pytest.raises(ValueError, match=said):
        make_app(**given)


def test_mail_set_up_whole_goes_to_the_server_on_the_port_of_its_kind(make_app):
    app = make_app(SMTP_HOST='mail.example.com', MAIL_FROM=SENDER, PUBLIC_URL='https://shop.example.com')
    server = transport_of(app.config)
    assert isinstance(server, SmtpServer)
    assert (server.host, server.port, server.tls) == ('mail.example.com', 587, 'starttls')
    check_mail_settings({**app.config, 'SMTP_USER': 'u', 'SMTP_PASSWORD': 'p'})
