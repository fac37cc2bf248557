"""``python -m bench.evaluator FILE``: deciding outcomes, beside peers in the same run.

FILE holds labelled replies, as ``visavis evaluate outcomes`` reads them. Every row judges the same cases. Peers come by
path: a prototype's folder with its head, a reranker's folder, any OpenAI-compatible server. ``--verdicts`` adds a row
from verdicts that were written down, such as ``held_out.jsonl`` of the training, whose judges had not seen the nodes.
"""

import argparse
import asyncio
import gc
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.evaluator.diagram import diagram
from bench.evaluator.peers import prototype, reranker
from conversation.evaluate.evaluation import OutcomeCase, OutcomeReport, read_cases, report
from conversation.evaluate.ports import Evaluator, Verdict
from conversation.evaluate.providers.embedded.provider import EmbeddedEvaluator
from conversation.evaluate.providers.openai import OpenAIEvaluator
from conversation.evaluate.providers.openai_llm.endpoint import ChatEndpoint, EndpointSettings
from conversation.evaluate.providers.openai_llm.race import ChatRace
from rtc_server.weights.cache import models_folder

OUT = Path("bench/out/evaluator")
_KIB = 1024


def embedded(model_dir: Path) -> Evaluator:
    """The built-in evaluator."""

    async def at_once(function: Callable[..., object], *arguments: object) -> object:
        return function(*arguments)

    return EmbeddedEvaluator(model_dir, at_once)


def rows(arguments: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Evaluator]]]:
    """Name each evaluator of this run, and say how it is loaded."""
    model_dir = models_folder(arguments.models) / "bge-small-en"
    yield "visavis", lambda: embedded(model_dir)
    if arguments.prototype is not None:
        yield "prototype", lambda: prototype(arguments.prototype, model_dir, arguments.prototype_head)
    if arguments.reranker is not None:
        yield "zero-shot reranker", lambda: reranker(arguments.reranker)
    if arguments.llm is not None:
        url, model = arguments.llm
        settings = EndpointSettings("bench", url, model, os.environ.get("OPENAI_API_KEY", ""))
        endpoints = [ChatEndpoint(settings)]
        yield f"visavis + {model}", lambda: OpenAIEvaluator(ChatRace(endpoints), embedded(model_dir), seed=1)


async def measure(make: Callable[[], Evaluator], cases: list[OutcomeCase]) -> tuple[OutcomeReport, float, float]:
    """Judge all cases. Returns the report, the MiB that it added, and the share that a language model judged."""
    gc.collect()
    before = _resident_mib()
    evaluator = make()
    await evaluator.prepare(list(dict.fromkeys(case.question for case in cases)))
    verdicts = []
    for number, case in enumerate(cases, start=1):
        verdicts.append(await evaluator.evaluate(case.question, case.reply, budget=30.0))
        if number % 500 == 0:
            print(f"  {evaluator.name}: {number} of {len(cases)}", flush=True)
    asked = sum(verdict.evaluator.startswith("openai:") for verdict in verdicts) / len(verdicts)
    return report(evaluator.name, cases, verdicts), _resident_mib() - before, asked


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _KIB / _KIB


def written_down(file: Path) -> list[Verdict]:
    """Read verdicts, one JSON object per line: outcome, confidence, reason, milliseconds."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        Verdict(row["outcome"], row["confidence"], "", "stored", row["milliseconds"], row["reason"]) for row in found
    ]


def table(reports: dict[str, tuple[OutcomeReport, float, float]]) -> str:
    """Put the rows into Markdown."""
    head = (
        "| | accuracy | wrong outcome | at 98 % precision | at 99 % | calibration error | ms | p90 | MiB | LLM asked |"
    )
    lines = [head, "|---|---|---|---|---|---|---|---|---|---|"]
    for name, (found, mib, asked) in reports.items():
        shares = (found.accuracy, found.wrong_commit, found.coverage_at_98, found.coverage_at_99)
        told = [f"{100 * s.share:.1f} [{100 * s.interval[0]:.1f}, {100 * s.interval[1]:.1f}]" for s in shares]
        times = f"{found.milliseconds_median:.1f} | {found.milliseconds_p90:.1f} | {mib:.0f} | {100 * asked:.0f} %"
        lines.append(f"| {name} | {' | '.join(told)} | {found.calibration_error:.3f} | {times} |")
    for title, part in (("language", "by_language"), ("tag", "by_tag")):
        names = sorted({key for found, *_ in reports.values() for key in getattr(found, part)})
        lines += ["", f"| {title} | cases | " + " | ".join(reports) + " |", "|---" * (2 + len(reports)) + "|"]
        for key in names:
            found_shares = [getattr(found, part)[key] for found, *_ in reports.values()]
            cells = [
                f"{100 * s.share:.0f} [{100 * s.interval[0]:.0f}, {100 * s.interval[1]:.0f}]" for s in found_shares
            ]
            lines.append(f"| {key} | {found_shares[0].cases} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


async def main() -> None:
    """Measure every row, print the table and write it beside the diagram."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--models", default="", help="the folder of the model cache")
    parser.add_argument("--prototype", type=Path, metavar="DIR", help="folder with embedded.py, rules.py and lex.py")
    parser.add_argument("--prototype-head", type=Path, metavar="NPZ", help="the prototype's trained head")
    parser.add_argument("--reranker", type=Path, metavar="DIR", help="folder with model.onnx and tokenizer.json")
    parser.add_argument("--llm", nargs=2, metavar=("URL", "MODEL"), help="an OpenAI-compatible server")
    parser.add_argument(
        "--verdicts", type=Path, metavar="JSONL", help="verdicts on the cases of FILE, as a further row"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    cases = read_cases(arguments.file)
    reports = {}
    if arguments.verdicts is not None:
        reports["nodes unseen"] = (report("stored", cases, written_down(arguments.verdicts)), 0.0, 0.0)
    for name, make in rows(arguments):
        print(f"{name}: {len(cases)} cases", flush=True)
        reports[name] = await measure(make, cases)
    arguments.out.mkdir(parents=True, exist_ok=True)
    result = table(reports)
    (arguments.out / "table.md").write_text(result, encoding="utf-8")
    picture = diagram({name: found.reliability for name, (found, *_) in reports.items()})
    (arguments.out / "reliability.svg").write_text(picture, encoding="utf-8")
    print(result)
    print(f"written: {arguments.out / 'table.md'} and {arguments.out / 'reliability.svg'}")


if __name__ == "__main__":
    asyncio.run(main())
