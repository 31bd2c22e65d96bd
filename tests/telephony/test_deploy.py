"""The dialplans under deploy/ ask what the bot answers."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import yaml
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from bot.audiosocket_routes import audiosocket_router
from bot.call_metrics import CallMetrics
from voice.audiosocket.caller_book import CallerBook

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_asterisk_dialplan_asks_at_addresses_that_exist() -> None:
    text = (DEPLOY / "asterisk" / "shoudai.conf").read_text(encoding="utf-8")
    app = FastAPI()
    app.include_router(audiosocket_router(CallerBook(announced_only=True), "secret"))
    routes = {(method, route.path) for route in app.routes for method in getattr(route, "methods", ())}
    asked = re.findall(r"CURL\(\$\{SHOUDAI_HTTP\}([^,)]*)(,)?", text)
    assert [(re.sub(r"\$\{.*", "{call}", path), bool(post)) for path, post in asked] == [
        ("/audiosocket/calls", True),
        ("/audiosocket/calls/{call}", False),
    ]
    assert {("POST", "/audiosocket/calls"), ("GET", "/audiosocket/calls/{call}")} <= routes
    assert re.findall(r"[,&](\w+)=\$\{", text) == ["call", "caller"]


def test_every_step_of_the_asterisk_dialplan_that_is_jumped_to_is_there() -> None:
    text = (DEPLOY / "asterisk" / "shoudai.conf").read_text(encoding="utf-8")
    assert (
        set(re.findall(r"GotoIf\(.*\?(\w+)\)", text))
        == set(re.findall(r"n\((\w+)\)", text))
        == {"agent", "bye"}
    )


def test_the_freeswitch_dialplan_calls_the_bot_and_then_a_person() -> None:
    tree = ET.parse(DEPLOY / "freeswitch" / "shoudai.xml")
    bridges = [action.get("data") for action in tree.iter("action") if action.get("application") == "bridge"]
    assert bridges == ["sofia/external/8000@10.0.0.9:5060", "user/6000"]


def test_every_alert_watches_a_metric_that_the_bot_tells() -> None:
    metrics = CallMetrics()
    metrics.watch_phone(lambda: 0, lambda: 0, lambda: {})
    families = {family.name for family in text_string_to_metric_families(metrics.text().decode())}
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    for rule in rules["groups"][0]["rules"]:
        watched = re.findall(r"shoudai_\w+", rule["expr"])
        assert watched and {re.sub(r"_(total|bucket)$", "", name) for name in watched} <= families, rule
        assert (
            set(rule) <= {"alert", "expr", "for", "labels", "annotations"} and rule["annotations"]["summary"]
        )
