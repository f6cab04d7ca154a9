"""The file broker: a message is there whole or not at all, and what is none ends no worker."""

import threading
from queue import Empty

import pytest
from kombu import Connection

from portal.celery import app
from portal.common import broker


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "queue").mkdir()
    return tmp_path / "queue"


@pytest.fixture
def line(folder):
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder.parent / "control"),
        "polling_interval": 0.01,
    }
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection


def test_the_portal_uses_it(line):
    assert app.main == "lectern"
    assert isinstance(line.transport, broker.Transport)


@pytest.mark.parametrize("text", ["", '{"body": "abc', "\x00", "[]]", "not JSON"])
def test_what_is_no_message_is_left_out(line, folder, text, caplog):
    channel = line.default_channel
    (folder / f"{0:020}_half.clickmeeting.msg").write_text(text)
    channel._put("clickmeeting", {"account": 5})
    assert channel._get("clickmeeting") == {"account": 5}
    assert "not whole" in caplog.text
    assert list(folder.iterdir()) == []


def test_a_message_that_is_being_written_is_not_seen(line, folder, monkeypatch):
    channel = line.default_channel
    seen = []

    def half_written(self, text, encoding):
        with self.open("w") as file:
            file.write(text[:5])
            file.flush()
            with pytest.raises(Empty):
                channel._get("default")
            seen.append(self.name)
            file.write(text[5:])

    monkeypatch.setattr(broker.Path, "write_text", half_written)
    channel._put("default", {"body": "whole"})
    assert len(seen) == 1
    assert channel._get("default") == {"body": "whole"}


def test_each_message_is_taken_once(line):
    channel = line.default_channel
    for number in range(60):
        channel._put("default", {"number": number})
    taken = []

    def take():
        while True:
            try:
                taken.append(channel._get("default")["number"])
            except Empty:
                return

    takers = [threading.Thread(target=take) for _ in range(4)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(taken) == list(range(60))


def test_a_half_written_table_of_queues_is_written_anew(line, folder):
    control = folder.parent / "control"
    control.mkdir()
    (control / "celery.pidbox.exchange").write_text("")
    channel = line.default_channel
    assert channel.get_table("celery.pidbox") == []
    channel._queue_bind("celery.pidbox", "", "", "one")
    channel._queue_bind("celery.pidbox", "", "", "two")
    channel._queue_bind("celery.pidbox", "", "", "two")
    assert {entry.queue for entry in channel.get_table("celery.pidbox")} == {"one", "two"}
