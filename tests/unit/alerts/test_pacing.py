"""The limits of the Bot API, on a simulated clock."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.pacing import Limits, Pacer


def most_in_a_window(times: list[float], seconds: float) -> int:
    return max(sum(start <= time < start + seconds for time in times) for start in times)


def test_no_more_than_28_a_second_leave() -> None:
    pacer = Pacer(Limits())

    times = [pacer.overall_time(now=0.0) for _ in range(300)]

    assert most_in_a_window(times, 0.999) <= 28
    assert times[-1] < 300 / 28


def test_a_private_chat_has_one_a_second() -> None:
    pacer = Pacer(Limits())

    assert [pacer.chat_time(n, chat_id=7, now=0.0) for n in range(4)] == [0.0, 1.0, 2.0, 3.0]
    assert pacer.chat_time(9, chat_id=8, now=0.0) == 0.0


def test_a_group_has_twenty_a_minute() -> None:
    pacer = Pacer(Limits())

    times = [pacer.chat_time(n, chat_id=-7, now=0.0) for n in range(50)]

    assert most_in_a_window(times, 59.9) <= 20
    assert times[20] == 60.0


def test_a_booking_stands_when_asked_again() -> None:
    pacer = Pacer(Limits())
    first = [pacer.chat_time(n, chat_id=7, now=0.0) for n in range(3)]

    assert [pacer.chat_time(n, chat_id=7, now=1.5) for n in range(3)] == first


def test_a_halt_of_a_chat_stops_only_that_chat() -> None:
    pacer = Pacer(Limits())
    pacer.halt(30.0, chat_id=7)

    assert pacer.chat_time(1, chat_id=7, now=0.0) == 30.0
    assert pacer.chat_time(2, chat_id=7, now=0.0) == 31.0
    assert pacer.chat_time(3, chat_id=8, now=0.0) == 0.0
    assert pacer.overall_time(now=0.0) == 0.0


def test_a_halt_also_moves_what_was_booked_before() -> None:
    pacer = Pacer(Limits())
    assert pacer.chat_time(1, chat_id=7, now=0.0) == 0.0
    pacer.halt(30.0, chat_id=7)

    assert pacer.chat_time(1, chat_id=7, now=0.5) == 30.0


def test_a_halt_of_all_stops_everything_and_is_not_shortened() -> None:
    pacer = Pacer(Limits())
    pacer.halt(30.0)
    pacer.halt(5.0)

    assert pacer.overall_time(now=0.0) == 30.0
    assert pacer.chat_time(1, chat_id=8, now=0.0) == 30.0


def test_old_clocks_are_forgotten() -> None:
    pacer = Pacer(Limits())
    for chat in range(1000):
        pacer.chat_time(chat, chat_id=chat, now=0.0)
        pacer.chat_time(-chat, chat_id=-chat - 1, now=0.0)

    pacer.forget_before(1000.0)

    assert pacer.chat_time(5, chat_id=5, now=1000.0) == 1000.0
    assert not pacer._groups and len(pacer._chats) == 1  # the memory is what this is about


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 5), st.sampled_from([1, 2, -1]), st.booleans()),
        min_size=1,
        max_size=120,
    )
)
def test_no_order_of_asking_breaks_a_chats_limit(asked: list[tuple[float, int, bool]]) -> None:
    pacer, now = Pacer(Limits()), 0.0
    booked: dict[int, list[float]] = {1: [], 2: [], -1: []}
    for number, (pause, chat, halted) in enumerate(asked):
        now += pause
        if halted:
            pacer.halt(now + pause, chat_id=2)
        time = pacer.chat_time(number, chat, now)
        assert time >= now
        booked[chat].append(time)
    for chat, times in booked.items():
        assert all(later - time >= 0.999 for time, later in pairwise(times))
        if chat < 0 and times:
            assert most_in_a_window(times, 59.9) <= 20
