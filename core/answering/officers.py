"""Tasks for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.answering.context import Context
from core.store.papers import Paper
from core.store.tasks import Task
from core.talk import needs

QUEUE = timedelta(minutes=15)  # who asked longer ago has hung up, or is a task and no queue


def call(context: Context, need: needs.CallOfficer) -> Mapping[str, Any]:
    """Leave a task, once: who asks twice waits once."""
    kind = "callback" if need.callback else "officer"
    tasks, address = context.shelves.tasks, str(context.talk.address)
    task = tasks.open_for(address, kind)
    if task is None:
        values = {"reason": need.reason, "collected": dict(need.collected)}
        task = Task(context.world.new_id(), kind, values, context.at, address, context.talk.medium)
        tasks.put(task)
    calendar = context.knowledge.calendar
    opened = calendar.is_open(context.at)
    opening = None if opened else calendar.next_open(context.at)
    return {
        "open": opened,
        "next": None if opening is None else context.knowledge.local(opening).isoformat(),
        "waiting": max(0, tasks.count_waiting(context.talk.medium, context.at - QUEUE) - 1),
        "task": task.id,
    }


def keep_recording(context: Context, need: needs.KeepRecording) -> str:
    """A voice note with a task; the note itself is fetched by a loop."""
    paper = Paper(
        context.world.new_id(),
        "recording",
        context.message.channel,
        need.attachment.pointer,
        need.attachment.name or "recording",
        "waiting",
        draft="recording",
        content_type=need.attachment.content_type,
        size=need.attachment.size,
    )
    context.shelves.papers.put(paper, context.at)
    values = {"about": need.about, "paper": paper.id}
    task = Task(
        context.world.new_id(),
        "recording",
        values,
        context.at,
        str(context.talk.address),
        context.talk.medium,
    )
    context.shelves.tasks.put(task)
    return task.id


def report_flood(context: Context, need: needs.ReportFlood) -> bool:
    """On the operators' list, once while it is open."""
    if context.shelves.tasks.open_for(str(need.address), "flood") is None:
        task = Task(context.world.new_id(), "flood", {}, context.at, str(need.address), need.medium)
        context.shelves.tasks.put(task)
    return True
