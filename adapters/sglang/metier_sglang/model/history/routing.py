"""Which requests go to one server. Pure."""

from collections.abc import Sequence

from pydantic_ai.messages import ModelMessage


def conversation_of(messages: Sequence[ModelMessage]) -> str:
    """Returns the id of the conversation, else of the run; "" for a history without ids.

    A follow-up question is a new run of the same conversation, and its prompt begins with what the server has cached.
    """
    for message in (*messages[-1:], *messages[:1]):  # all messages bear the id: no need to walk through them
        if found := message.conversation_id or message.run_id:
            return found
    return ""
