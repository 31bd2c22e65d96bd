"""WebError: what the sockets refuse, each with a stable code and a sentence for the customer."""

from enum import Enum


class WebError(Enum):
    """Codes are part of the protocol (docs/web.md); sentences are shown to customers."""

    ORIGIN_REFUSED = ("origin_refused", "此网页未获授权，无法连接客服。")
    HELLO_EXPECTED = ("hello_expected", "连接已失效，请刷新页面。")
    SESSION_UNKNOWN = ("session_unknown", "上次的对话已结束，已为您开始新的对话。")
    MESSAGE_INVALID = ("message_invalid", "消息格式有误，请刷新页面后重试。")
    MESSAGE_EMPTY = ("message_empty", "请输入内容。")
    MESSAGE_TOO_LONG = ("message_too_long", "内容太长了，请分几条发送。")
    RATE_LIMITED = ("rate_limited", "您发得太快了，请稍等一下。")
    BUSY = ("busy", "当前咨询人数较多，请稍后再试。")
    DIALOGUE_UNAVAILABLE = ("dialogue_unavailable", "抱歉，系统暂时没有回应，请稍后再发一次，或点击转人工。")
    SPEECH_LOADING = ("speech_loading", "语音功能正在准备中，请稍后再试，您也可以打字咨询。")
    SPEECH_UNAVAILABLE = ("speech_unavailable", "语音功能暂时无法使用，请您打字咨询。")
    CALL_RUNNING = ("call_running", "您已经在语音通话中了。")
    STAFF_ANSWERS = ("staff_answers", "同事正在这里打字为您服务，请您先打字。")
    CALLS_FULL = ("calls_full", "当前语音通话人数较多，请稍后再试，或打字咨询。")
    AUDIO_INVALID = ("audio_invalid", "声音格式有误，请刷新页面后重试。")
    CALL_FAILED = ("call_failed", "非常抱歉，语音出了问题，请您打字咨询或点击转人工。")

    @property
    def code(self) -> str:
        """The stable name."""
        return str(self.value[0])

    @property
    def sentence(self) -> str:
        """What the customer reads."""
        return str(self.value[1])

    def to_json(self, **more: object) -> dict[str, object]:
        """The error message of both sockets."""
        return {"type": "error", "code": self.code, "message": self.sentence} | more
