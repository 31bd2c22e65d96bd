"""What is printed when everything answers."""

from serve.announcement import announcement


def test_the_password_is_shown_when_it_was_just_made() -> None:
    text = announcement("http://127.0.0.1:8000/", "s3cret", ["张伟  13800000001"], demo_mode=True)
    assert "http://127.0.0.1:8000/staff" in text
    assert "s3cret" in text
    assert "13800000001" in text
    assert "演示模式" in text


def test_later_starts_show_no_password_and_real_ones_no_demo() -> None:
    text = announcement("http://127.0.0.1:8000/", None, [], demo_mode=False)
    assert "第一次启动时显示过" in text
    assert "演示" not in text
