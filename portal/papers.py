"""Papers of a filing: sent with one form, known by their content, taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web

from core.paper_folder import BadPaper
from core.selffiling import papers_of
from portal.filing import MEDIUM, Desk
from portal.question import ID, after, here_and_field, most, show
from portal.visit import BROKEN, Visit
from procedures.form_field import Field, Kind
from procedures.form_reading import read_answer
from procedures.problem import JSON, Problem

SMALL = 4096  # bytes of a small field in a form with a paper
CHUNK = 64 * 1024


async def add(visit: Visit) -> web.StreamResponse:
    """Take the paper that was chosen, if any; then go on, or stay for one more. One form and one button: who
    chose a file and pressed "go on" has sent it."""
    here, field = await here_and_field(visit)
    if here is None or field is None or field.kind is not Kind.FILE or here.draft is None:
        return visit.missing()
    token, more = "", False
    async for part in _parts(visit.request):
        if part.name == "csrf":
            token = (await _read(part, SMALL)).decode("ascii", "replace")
        elif not visit.portal.visitors.genuine(visit.request, visit.visitor, token):
            return visit.error(403)  # the token stands before everything else: nothing was kept
        elif part.name == "paper" and part.filename:
            wrong = await _keep(visit, here, field, part)
            if wrong is not None:
                return wrong
        elif part.name == "more":
            more = True
    if not visit.portal.visitors.genuine(visit.request, visit.visitor, token):
        return visit.error(403)
    return visit.go(f"{here.path}/cau/{field.name}") if more else await _papers_done(visit, here, field)


async def _keep(visit: Visit, here: Desk, field: Field, part: BodyPartReader) -> web.Response | None:
    """Keep one paper on the draft; what is wrong with it, as a page, or None."""
    draft, said = here.draft, visit.text["question"]["paper"]
    if draft is None:
        return visit.go(here.path)
    if not visit.portal.limits.allow("paper", visit.visitor.identity, visit.visitor.network):
        return show(visit, here, field, {ID: said["too_many"]}, status=429)
    if len(papers_of(draft, field.name)) >= most(field):
        problem = Problem("file_too_many", {"max": most(field)})
        explained = visit.portal.service.explain(problem, visit.language)
        return show(visit, here, field, {ID: explained}, status=422)
    name = _tidy(part.filename or "")
    try:
        written = await visit.portal.filing.add_paper(
            visit.citizen, draft, here.form, field.name, name, _chunks(part)
        )
    except BadPaper as bad:
        response = show(visit, here, field, {ID: said[bad.problem]}, status=422)
        if bad.problem == "too_large":
            response.set_status(413)
            response.force_close()  # the rest of the body is not read
        return response
    here.draft = written.draft
    return None if written.done else show(visit, here, field, newer=True, status=409)


async def _papers_done(visit: Visit, here: Desk, field: Field) -> web.Response:
    """No more papers for this question: the answer is what was sent, or that there is none."""
    if here.draft is None:
        return visit.go(here.path)
    papers: list[JSON] = [*papers_of(here.draft, field.name)]
    read = read_answer(field, papers or None, MEDIUM, visit.portal.service.now().date())
    if isinstance(read, Problem):
        said = visit.text["question"]["paper"]["none"]
        return show(visit, here, field, {ID: said}, status=422)
    written = await visit.portal.filing.answer(visit.citizen, here.draft, here.form, field.name, read.value)
    return after(visit, here, field, written)


async def remove(visit: Visit) -> web.StreamResponse:
    """Take a paper back."""
    form = await visit.form()
    here, field = await here_and_field(visit)
    if form is None:
        return visit.error(403)
    if here is None or field is None or here.draft is None:
        return visit.missing()
    paper = form.get("paper", "")
    written = await visit.portal.filing.remove_paper(visit.citizen, here.draft, here.form, field.name, paper)
    return after(visit, here, field, written, stay=True)


async def _parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """The parts of a form. Raises 400 where it is none."""
    if request.content_type != "multipart/form-data":
        raise web.HTTPBadRequest
    try:
        reader = await request.multipart()
    except BROKEN:
        raise web.HTTPBadRequest from None
    while True:
        try:
            part = await reader.next()
        except BROKEN:
            raise web.HTTPBadRequest from None
        if part is None:
            return
        if not isinstance(part, BodyPartReader):
            raise web.HTTPBadRequest
        yield part


async def _read(part: BodyPartReader, size: int) -> bytes:
    """The next bytes of a part. Raises 400 where it breaks off."""
    try:
        return await part.read_chunk(size)
    except BROKEN:
        raise web.HTTPBadRequest from None


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await _read(part, CHUNK):
        yield chunk


def _tidy(name: str) -> str:
    """A file's own name, without folders and signs that could mislead."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isprintable()).strip(" .")[-100:]
