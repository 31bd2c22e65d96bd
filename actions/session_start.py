"""Session start: the first words say that this is an AI clerk and that the conversation is recorded."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted
from rasa_sdk.executor import CollectingDispatcher

from actions.services import services

QUICK_REPLIES = ("查还款", "查申请进度", "我能借吗", "算利息", "转人工")


class SessionStart(Action):
    """Runs before the first message of every conversation."""

    def name(self) -> str:
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        # The database and the policies are opened while the customer hears the greeting.
        self._opening = asyncio.get_running_loop().run_in_executor(None, services)
        channel = (tracker.get_slot("session_started_metadata") or {}).get("channel", "chat")
        notice = "utter_notice_chat" if channel == "chat" else "utter_notice_voice"
        dispatcher.utter_message(response=notice, json_message={"interruptible": False})
        dispatcher.utter_message(
            response="utter_first_question",
            json_message={
                "interruptible": True,
                "quick_replies": list(QUICK_REPLIES),
                "expects": {"kind": "open"},
            },
        )
        return [SessionStarted(), ActionExecuted("action_listen")]
