"""Carries out what the flow machine asks for: speaking, wording, judging, and telling the page."""

import asyncio
import logging
import time

from conversation.evaluate.ports import Evaluator, Question
from conversation.flow import commands
from conversation.flow import events as flow
from conversation.flow.graph import FlowGraph
from conversation.turn import events as turn
from rtc_server.rtc.messages import (
    AskInput,
    AskPermissions,
    Caption,
    CloseInput,
    InputRefused,
    Node,
    OfferTyping,
    State,
)
from rtc_server.session.agents import SessionAgents
from rtc_server.session.document.scans import DocumentScans
from rtc_server.session.line import Line, Post
from rtc_server.session.ports import Engines, Services
from rtc_server.session.service_effects import ServiceEffects
from rtc_server.session.tasks import Tasks
from rtc_server.session.vision.effects import VisionEffects
from rtc_server.session.voice import Voice
from rtc_server.storage.ports import SessionRecord

PageCommand = commands.AskPermissions | commands.AskInput | commands.RefuseInput | commands.CloseInput

logger = logging.getLogger(__name__)


class FlowEffects:
    """What a flow does to the world."""

    def __init__(
        self,
        line: Line,
        voice: Voice,
        engines: Engines,
        services: Services,
        vision: VisionEffects,
        documents: DocumentScans,
        agents: SessionAgents,
        record: SessionRecord,
        evaluator: Evaluator,
        post: Post,
        language: str,
        evaluate_budget: float,
    ) -> None:
        self._line = line
        self._voice = voice
        self._phraser = engines.phraser
        self._services = ServiceEffects(services, record, post, language)
        self._vision = vision
        self._documents = documents
        self._agents = agents
        self._evaluator = evaluator
        self._post = post
        self._language = language
        self._budget = evaluate_budget
        self._asked = False
        """Whether the person has something to answer by hand."""
        self._tasks = Tasks("flow-effect")

    def prepare(self, graph: FlowGraph) -> None:
        """Let the evaluator look at the flow's questions before the first reply, and the camera open its eyes."""
        self._vision.prepare(graph)
        questions = [Question(node.prompt, node.conditions, (), self._language) for node in graph.conversations()]
        self._tasks.start(self._evaluator.prepare(questions))

    def carry_out(self, command: commands.Command) -> None:
        """One command."""
        match command:
            case commands.Enter():
                self._asked = False
                self._line.wait(command.node_type == "external_call")
                self._line.send(Node(command.node_id, command.node_type))
                # After the commands that follow, so that what is said now goes first.
                asyncio.get_running_loop().call_soon(self._voice.prepare, command.ahead)
            case commands.Say():
                self._voice.speak(command.utterance_id, command.text, interruptible=command.interruptible)
            case commands.Listen():
                self._line.wait(self._asked)
                self._post(turn.Expected(command.question, tuple(c.text for c in command.conditions)))
            case commands.Phrase():
                self._tasks.start(self._phrase(command))
            case commands.Evaluate():
                self._line.show(State("thinking"))
                self._tasks.start(self._evaluate(command))
            case commands.OfferTyping():
                self._line.send(OfferTyping())
            case commands.AskPermissions() | commands.AskInput() | commands.RefuseInput() | commands.CloseInput():
                self._ask(command)
            case commands.SendCode() | commands.CheckCode() | commands.CallExternal():
                if isinstance(command, commands.SendCode):
                    self._line.wait(True)
                self._services.carry_out(command)
            case (
                commands.CheckLiveness()
                | commands.ScanFace()
                | commands.CompareFaces()
                | commands.IdentifyFace()
                | commands.EnrolFace()
                | commands.PassWords()
            ):
                self._vision.carry_out(command)
            case commands.ScanDocument():
                self._documents.carry_out(command)
            case commands.InstructionSaid() | commands.StopCheck():
                # Whoever runs the check of this id knows it; to the other it means nothing.
                self._vision.carry_out(command)
                self._documents.carry_out(command)
            case commands.SetPace():
                self._voice.set_rate(command.speech_rate)
                self._post(turn.PatienceSet(command.extra_time))
            case commands.HoldFloor():
                self._voice.stop()
                self._agents.hold_floor(command.agent_id)
            case commands.ReturnFloor():
                self._agents.return_floor()
            case commands.ShowLine():
                self._line.send(Caption(command.line_id, "avatar", command.text, final=True))
            case commands.Finish() | commands.Ignored():
                pass  # the session's own

    async def close(self) -> None:
        """Stop what is going on."""
        await self._tasks.close()
        await self._services.close()
        await self._documents.close()
        await self._vision.close()

    def _ask(self, command: PageCommand) -> None:
        """What the person answers by hand."""
        match command:
            case commands.AskPermissions():
                self._line.send(AskPermissions(command.request_id, command.camera, command.microphone))
            case commands.AskInput():
                self._line.send(
                    AskInput(
                        command.request_id,
                        command.kind,
                        command.value,
                        command.sent_to,
                        command.code_length,
                        -1 if command.resend_seconds is None else max(0, round(1000 * command.resend_seconds)),
                    )
                )
            case commands.RefuseInput():
                self._line.send(InputRefused(command.request_id, command.problem, command.attempts_left))
            case commands.CloseInput():
                self._line.send(CloseInput(command.request_id))
        self._asked = not isinstance(command, commands.CloseInput)
        self._line.wait(self._asked)

    async def _phrase(self, command: commands.Phrase) -> None:
        text = command.fallback
        if self._phraser is not None:
            text = await self._phraser.phrase(
                command.goal, history=command.history, attempt=command.attempt, language=self._language
            )
        self._post(flow.Phrased(command.request_id, text))

    async def _evaluate(self, command: commands.Evaluate) -> None:
        question = Question(command.question, command.conditions, command.history, self._language, command.doubt)
        started = time.monotonic()
        try:
            verdict = await self._evaluator.evaluate(question, command.reply, budget=self._budget)
        except Exception as error:
            # Evaluators do not raise by contract; if one does, the person is asked again instead of left in silence.
            logger.error("evaluator failed: %s", type(error).__name__)
            elapsed = 1000 * (time.monotonic() - started)
            name = self._evaluator.name
            self._post(flow.Evaluated(command.request_id, None, 0.0, "", name, "error", elapsed))
            return
        self._post(
            flow.Evaluated(
                command.request_id,
                verdict.outcome,
                verdict.confidence,
                verdict.quote,
                verdict.evaluator,
                verdict.reason,
                verdict.milliseconds,
                verdict.duress,
                verdict.injection,
                dict(verdict.extracted),
            )
        )
