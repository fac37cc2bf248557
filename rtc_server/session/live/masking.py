"""A view for those who may not see contacts and values: everything that explains a session, nothing that was given."""

from collections.abc import Callable, Iterable, Mapping

from conversation.flow.machine import FlowMachine
from rtc_server.console.ports import Listener
from rtc_server.staff.masking import mask_reference, mask_report, mask_text
from rtc_server.storage.ports import Json


def masked_listener(listener: Listener, machine: FlowMachine) -> Listener:
    """Tells ``listener`` the same without values; those of ``machine`` are looked for in what is said."""
    return lambda name, data: listener(name, mask_event(name, data, _values(machine)))


def mask_summary(summary: Json) -> Json:
    """Without the client's own reference."""
    return summary | {"clientReferenceId": mask_reference(str(summary["clientReferenceId"]))}


def mask_event(name: str, data: Json, values: Iterable[str]) -> Json:
    """An event of ``LiveView``; ``values`` were given by or for the person."""
    mask = _MASKS.get(name)
    return mask(data, tuple(values)) if mask is not None else data


def _snapshot(data: Json, values: tuple[str, ...]) -> Json:
    return data | {
        "summary": mask_summary(data["summary"]),
        "path": [_path(entry, values) for entry in data["path"]],
        "transcript": [_phrase(phrase, values) for phrase in data["transcript"]],
        "evaluations": [_evaluation(evaluation, values) for evaluation in data["evaluations"]],
    }


def _summary(data: Json, _: tuple[str, ...]) -> Json:
    return mask_summary(data)


def _phrase(data: Json, values: tuple[str, ...]) -> Json:
    return data | {"text": mask_text(data["text"], values)}


def _evaluation(data: Json, values: tuple[str, ...]) -> Json:
    return data | {"reply": mask_text(data["reply"], values)}


def _path(data: Json, values: tuple[str, ...]) -> Json:
    """As a report shows the evidence of a node."""
    report = {"extractedData": list(values), "nodeReports": [{"evidence": data["evidence"]}]}
    return data | {"evidence": mask_report(report)["nodeReports"][0]["evidence"]}


_MASKS: Mapping[str, Callable[[Json, tuple[str, ...]], Json]] = {
    "snapshot": _snapshot,
    "summary": _summary,
    "phrase": _phrase,
    "evaluation": _evaluation,
    "path": _path,
}


def _values(machine: FlowMachine) -> list[str]:
    """Texts that the person gave, or that were provided or remembered of them."""
    record = machine.record
    known = [*record.recognised.values(), *record.extracted.values(), *machine.provided.values()]
    return [value for value in known if isinstance(value, str)]
