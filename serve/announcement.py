"""What `make run` prints when everything answers, in Chinese: it is for the staff."""

from collections.abc import Sequence


def announcement(page_url: str, staff_password: str | None, borrowers: Sequence[str], demo_mode: bool) -> str:
    """Where the page is, how staff sign in (the password only when it was just made), and whom to try it as."""
    lines = ["", f"  网页       {page_url}", f"  客服后台   {page_url}staff"]
    if staff_password:
        lines.append(f"  后台账号   admin   密码 {staff_password}   （只显示这一次，请记下来）")
    else:
        lines.append("  后台账号   admin   密码在第一次启动时显示过（忘记了：make staff-password）")
    if borrowers:
        lines += ["", "  演示客户（网页上打字或说话时报手机号和身份证后四位）："]
        lines += [f"    {line}" for line in borrowers]
    if demo_mode:
        lines += [
            "",
            "  ⚠ 演示模式：没有设置 SHOUDAI_DATA_KEY，使用公开的演示密钥，录音不加密，不要放入真实客户资料。",
        ]
    return "\n".join([*lines, ""])
