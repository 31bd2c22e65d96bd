"""Labels: how stored values read on the staff's pages, in Chinese and in Shanghai's time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from actions.lending.clock import CHINA
from bot.console.figure_names import figure_inputs, figure_name
from bot.console.intent_names import intent_name

WORDS = {
    "calm": "平静",
    "pressing": "着急",
    "angry": "生气",
    "urgent": "紧急",
    "wrong": "答错",
    "risk": "合规风险",
    "follow": "需跟进",
    "good": "范例",
    "teach": "教学",
    "measure": "测量",
    "training": "训练中",
    "trained": "已训练",
    "broken_off": "训练中断",
    "discarded": "已作废",
    "accepted": "已采纳",
    "proposed": "待审核",
    "rejected": "已驳回",
    "chat": "网页文字",
    "browser": "网页语音",
    "phone": "电话",
    "silent": "未说话",
    "talked": "已交谈",
    "ongoing": "进行中",
    "contained": "已解决",
    "handed_off": "转人工",
    "abandoned": "中途离开",
    "answered": "已答复数据",
    "transfer": "转人工",
    "failed": "出错",
    "caller": "客户结束",
    "bot": "客服结束",
    "idle": "超时结束",
    "stopped": "系统停止",
    "error": "故障中断",
    "lost": "异常中断",
    "vanished": "线路中断",
    "voice": "语音",
    "text": "打字",
    "returned": "同事未答，交还后由机器人答",
    "keypad": "按键",
    "opening": "开场",
    "in_person": "本人到场",
    "called_back": "回拨核对",
    "written": "书面申请",
    "lead": "贷款意向",
    "handoff": "转人工",
    "change": "资料变更",
    "complaint": "投诉",
    "callback": "回电",
    "withdrawal": "撤回登记",
    "data_deletion": "删除个人信息",
    "open": "待处理",
    "taken": "处理中",
    "closed": "已完成",
    "engine_failed_over": "引擎切换",
    "call_failed": "出错",
    "transferred": "已转人工",
    "took_leave": "致歉收尾",
    "noted": "已登记回电",
    "sent_away": "请其稍后再打",
    "gone": "客户先挂断",
    "stages_measured": "各段用时中位数（毫秒）",
    "turns": "轮数",
    "endpointing": "断句",
    "recognition": "识别",
    "dialogue": "对话",
    "synthesis": "语音",
    "transport": "线路",
    "recording_lost": "录音中断",
    "call_broke_off": "通话故障",
    "service_stopping": "停机时未办完",
    "waited_too_long": "排队要求回电",
    "line_measured": "线路质量",
    "playback_resumed": "误打断，继续播报",
    "bot_prompt": "系统提示",
    "staff_away": "接管后离开",
    "customer_asked": "客户要求",
    "offer_accepted": "客户同意",
    "after_hours": "下班后",
    "callback_wished": "客户约回电",
    "staff": "同事",
    "dtmf_received": "按键输入",
}


def word(value: object) -> str:
    """A stored word in Chinese; what has no translation is shown as it is."""
    return WORDS.get(str(value), str(value))


_DETAILS = {
    "mood": "情绪",
    "tag": "标签",
    "flag": "标记",
    "score": "评分",
    "assignee": "复核人",
    "review": "复核",
    "to": "分给",
    "kinds": "号码",
    "kind": "抽样",
    "percent": "百分比",
    "count": "条数",
    "sheet": "评分表版本",
    "points": "得分",
    "before": "原来",
    "comment": "评论编号",
    "recordings": "录音数",
    "q": "搜索",
    "scope": "谁说的",
    "since": "从",
    "until": "到",
    "channel": "渠道",
    "outcome": "结果",
    "intent": "意图",
    "borrower": "手机尾号",
    "verified": "身份核实",
    "disclosed": "披露数据",
    "confidence": "置信度低于",
    "latency": "超过秒数",
    "hearing": "识别置信度低于",
    "rating": "评分",
    "words": "搜索",
    "phone": "手机尾号",
    "how": "核实方式",
    "method": "方式",
    "result": "结果",
    "roles": "角色",
    "at": "页面",
    "use": "用途",
    "sentences": "句数",
}


def detail_name(key: str) -> str:
    """What a detail of the audit log is about, in Chinese."""
    return _DETAILS.get(key, key)


def moment(at_ms: int | None) -> str:
    """2026-11-23 15:30:05 in Shanghai."""
    if at_ms is None:
        return "—"
    return datetime.fromtimestamp(at_ms / 1000, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def short_moment(at_ms: int) -> str:
    """Today 15:30, otherwise 11-23 15:30, in another year 2025-11-23; in Shanghai."""
    at, now = datetime.fromtimestamp(at_ms / 1000, CHINA), datetime.now(CHINA)
    if at.date() == now.date():
        return at.strftime("今天 %H:%M")
    return at.strftime("%m-%d %H:%M" if at.year == now.year else "%Y-%m-%d")


def seconds(ms: int | None) -> str:
    """1.2秒."""
    return "—" if ms is None else f"{ms / 1000:.1f}秒"


def duration(start_ms: int, end_ms: int | None) -> str:
    """3分05秒."""
    if end_ms is None:
        return "进行中"
    minutes, seconds = divmod(max(0, end_ms - start_ms) // 1000, 60)
    return f"{minutes}分{seconds:02d}秒" if minutes else f"{seconds}秒"


def figure_value(figure: Any) -> str:
    """A disclosed figure with its unit."""
    value = str(figure.value)
    match figure.unit:
        case "fen" if value.lstrip("-").isdigit():
            return f"{Decimal(value) / 100:.2f}元"
        case "rate_per_year":
            return f"{Decimal(value) * 100:.2f}%／年"
        case "instalments":
            return f"{value}期"
        case "days":
            return f"{value}天"
    return value


def local(at: datetime) -> str:
    """2026-11-23 15:30 in Shanghai."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


WHO = {"customer": "客户", "bot": "机器人", "staff": "同事", "notice": "系统"}


def who_said(who: str) -> str:
    """Whose words a line of a conversation in progress is."""
    return WHO.get(who, "")


def clock(at_ms: int) -> str:
    """15:30:05 in Shanghai."""
    return datetime.fromtimestamp(at_ms / 1000, CHINA).strftime("%H:%M:%S")


def elapsed(since_ms: int) -> str:
    """4:05, 1:04:05 or 2天3小时 since then; the page's script counts on (static/elapsed.js)."""
    seconds = max(0, round(datetime.now(CHINA).timestamp() - since_ms / 1000))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours >= 24:
        return f"{hours // 24}天{hours % 24}小时"
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def epoch_ms(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return round(at.timestamp() * 1000)


FILTERS = {
    "who_said": who_said,
    "clock": clock,
    "elapsed": elapsed,
    "epoch_ms": epoch_ms,
    "detail_name": detail_name,
    "intent_name": intent_name,
    "word": word,
    "moment": moment,
    "short_moment": short_moment,
    "seconds": seconds,
    "figure_name": figure_name,
    "figure_value": figure_value,
    "figure_inputs": figure_inputs,
    "local": local,
}
