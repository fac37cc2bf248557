"""The nodes that ask for something without judging it: permissions and enter_email."""

from conversation.flow.behaviour import Context, Leave, Step, Visit, ignored
from conversation.flow.behaviours.asking import Asking
from conversation.flow.behaviours.contact_form import ContactForm
from conversation.flow.commands import AskPermissions
from conversation.flow.events import Event, PermissionsAnswered, TimePassed, UserSpoke
from conversation.flow.nodes import EnterEmailNode, PermissionsNode
from conversation.text.acts import Act, acts
from conversation.text.form_lines import FormLine, form_line
from conversation.text.phrasing import verbatim
from conversation.text.requests import asks_to_cancel
from conversation.text.templates import fill


def spoken_prompt(prompt: str, context: Context) -> str:
    """A form's prompt as it is said: as it is written, ``Say:`` or not (contract §3.3); empty when there is none."""
    filled = fill(prompt, context.variables).strip()
    return filled if (said := verbatim(filled)) is None else said


class PermissionsBehaviour(Visit):
    """Has the browser ask for the devices; the prompt is spoken unless the answer is there at once."""

    def __init__(self, node: PermissionsNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._asking = Asking(context)
        self._request = context.next_request()
        self._speak_at: float | None = None

    @property
    def deadline(self) -> float | None:
        """When the prompt is due, or patience ends."""
        return self._asking.deadline if self._speak_at is None else self._speak_at

    def enter(self, now: float) -> list[Step]:
        """Ask the browser; leave at once when nothing is to be asked for."""
        if not (self._node.camera or self._node.microphone):
            return [self._leave("permissionsGranted", {"reason": "nothing was asked for"})]
        self._speak_at = now + self._context.policy.prompt_delay_seconds
        return [self._request_devices()]

    def pause(self, now: float) -> list[Step]:
        """The person is gone."""
        self._speak_at = None
        self._asking.rest(now)
        return []

    def resume(self, now: float) -> list[Step]:
        """The page is new: its browser asks again."""
        self._speak_at = now + self._context.policy.prompt_delay_seconds
        return [self._request_devices()]

    def adapt(self, now: float) -> None:
        """Wait afresh, for as long as the person wants."""
        self._asking.adapt(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """The browser's answer, words of the person, time."""
        match event:
            case PermissionsAnswered() if event.request_id == self._request:
                return [self._answered(event)]
            case UserSpoke():
                if asks_to_cancel(event.text):
                    return [self._leave("permissionsDenied", {"reason": "refused"})]
                if Act.HELP in acts(event.text) and self._speak_at is None:
                    return self._asking.repeat(now)
                return [ignored(event, "the browser's answer is awaited")]
            case TimePassed() if self._speak_at is not None:
                return self._prompt(now) if now >= self._speak_at else []
            case _:
                steps = self._asking.receive(event, now)
                if self._asking.given_up:
                    return [self._leave("permissionsDenied", {"reason": "no_answer"})]
                return steps

    def _request_devices(self) -> Step:
        return AskPermissions(self._request, self._node.camera, self._node.microphone)

    def _prompt(self, now: float) -> list[Step]:
        self._speak_at = None
        reminder = form_line(FormLine.ALLOW_DEVICES, self._context.language)
        prompt = spoken_prompt(self._node.prompt, self._context)
        if prompt:
            return self._asking.ask(prompt, now, question=reminder, expects=reminder)
        self._asking.expect(reminder, now)
        return []

    def _answered(self, event: PermissionsAnswered) -> Leave:
        asked = {"camera": self._node.camera, "microphone": self._node.microphone}
        answers = {"camera": event.camera, "microphone": event.microphone}
        devices = {device: answers[device] for device, wanted in asked.items() if wanted}
        granted = all(answer == "granted" for answer in devices.values())
        return self._leave("permissionsGranted" if granted else "permissionsDenied", dict(devices))

    def _leave(self, name: str, evidence: dict[str, str]) -> Leave:
        key, target = self._node.way(name)
        return Leave(target, key, evidence)


class EnterEmailBehaviour(Visit):
    """A form for an e-mail address that nobody verifies."""

    def __init__(self, node: EnterEmailNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._form = ContactForm("email", spoken_prompt(node.prompt, context), context)

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        return self._form.deadline

    def enter(self, now: float) -> list[Step]:
        """Show the field and ask."""
        return self._form.enter(now)

    def abandon(self) -> list[Step]:
        """Take the field away."""
        return self._form.abandon()

    def pause(self, now: float) -> list[Step]:
        """The person is gone."""
        self._form.pause(now)
        return []

    def hold(self, now: float) -> list[Step]:
        """An absence, without the field."""
        return [*self.pause(now), *self.abandon()]

    def resume(self, now: float) -> list[Step]:
        """Show the field again and repeat the question."""
        return self._form.resume(now)

    def adapt(self, now: float) -> None:
        """Wait afresh, for as long as the person wants."""
        self._form.adapt(now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """Everything is the form's; its end is the node's."""
        steps = self._form.receive(event, now)
        if not self._form.ended:
            return steps
        if self._form.ended == "given":
            self._context.record.extracted["email"] = self._form.value
            key, target = self._node.way("emailEntered")
            return [*steps, Leave(target, key, members={"email": self._form.value})]
        key, target = self._node.way("canceled")
        return [*steps, Leave(target, key, {"reason": self._form.ended})]
