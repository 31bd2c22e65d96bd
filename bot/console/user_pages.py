"""User pages: accounts made, disabled, given roles and new passwords."""

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.gate import note, staff_of
from bot.console.permissions import ROLE_NAMES, Permission, Role, needed_for, read_roles
from bot.console.rendering import render
from bot.console.staff_directory import AccountRefused


def add_user_pages(router: APIRouter, console: Console) -> None:
    """The routes under /staff/users; who may change whom is the directory's to say."""

    @router.get("/users")
    def users(request: Request) -> Response:
        return _users_page(console, request)

    @router.post("/users")
    def create(
        request: Request,
        name: str = Form("", max_length=64),
        roles: list[Role] = Form([]),
    ) -> Response:
        try:
            password = console.directory.create(name, roles, staff_of(request).permissions)
        except AccountRefused as error:
            return _users_page(console, request, str(error), 400)
        note(console, request, Action.ACCOUNT_MADE, name.strip(), roles=[role.value for role in roles])
        return _users_page(console, request, told=(name.strip(), password))

    @router.post("/users/roles")
    def set_roles(
        request: Request,
        name: str = Form("", max_length=64),
        roles: list[Role] = Form([]),
    ) -> Response:
        try:
            console.directory.set_roles(name, roles, staff_of(request).permissions)
        except AccountRefused as error:
            return _users_page(console, request, str(error), 400)
        note(console, request, Action.ROLES_CHANGED, name, roles=[role.value for role in roles])
        return _users_page(console, request)

    @router.post("/users/disabled")
    def set_disabled(
        request: Request, name: str = Form("", max_length=64), disabled: bool = Form(False)
    ) -> Response:
        try:
            console.directory.set_disabled(name, disabled, staff_of(request).permissions)
        except AccountRefused as error:
            return _users_page(console, request, str(error), 400)
        note(console, request, Action.ACCOUNT_DISABLED if disabled else Action.ACCOUNT_ENABLED, name)
        return _users_page(console, request)

    @router.post("/users/password")
    def reset_password(request: Request, name: str = Form("", max_length=64)) -> Response:
        try:
            password = console.directory.reset_password(name, staff_of(request).permissions)
        except AccountRefused as error:
            return _users_page(console, request, str(error), 400)
        note(console, request, Action.PASSWORD_RESET, name)
        return _users_page(console, request, told=(name, password))


def _users_page(
    console: Console,
    request: Request,
    error: str = "",
    status: int = 200,
    told: tuple[str, str] | None = None,
) -> Response:
    may = staff_of(request).permissions
    accounts = [
        {"row": row, "roles": (roles := read_roles(row.roles)), "mine": needed_for(roles) in may}
        for row in console.directory.all()
    ]
    offered = {role.value: name for role, name in ROLE_NAMES.items() if needed_for([role]) in may}
    values = {
        "accounts": accounts,
        "offered_roles": offered,
        "error": error,
        "told": told,
        "admins": Permission.ADMINS in may,
    }
    return render(console, request, "users.html", values, status)
