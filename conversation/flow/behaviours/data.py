"""The nodes that branch on collected data, at once and by rules alone: data_validation and field_condition."""

from conversation.flow.behaviour import Context, Leave, Step, Visit
from conversation.flow.behaviours.comparison import holds, parse_comparison
from conversation.flow.behaviours.look_up import any_value, operand_value, proven_age
from conversation.flow.nodes import DataValidationNode, FieldConditionNode, Outcome


class DataValidationBehaviour(Visit):
    """Tests one field, and takes the first outcome that fits.

    A condition that is a comparison is computed; an empty one or ``true`` always fits; of other texts the first outcome
    stands for a test that passed and the last for one that failed (contract §3.3 [ours]).
    """

    def __init__(self, node: DataValidationNode, context: Context) -> None:
        self._node = node
        self._context = context

    def enter(self, now: float) -> list[Step]:
        """Decide and leave."""
        rule = self._node.validation
        passed = holds(rule.action, any_value(self._context, rule.field, now), rule.value)
        chosen = next(
            (index for index in range(len(self._node.outcomes)) if self._fits(index, passed, now)),
            None,
        )
        outcome = self._node.outcomes[-1 if chosen is None else chosen]
        evidence = {"outcome": outcome.id, "field": rule.field, "action": rule.action, "passed": passed}
        if rule.field == "age" and proven_age(self._context, now) is not None:
            evidence["provenBy"] = "document"
        if chosen is None:
            evidence["reason"] = "no condition holds; the last outcome was taken"
        return [Leave(outcome.target, outcome.target, evidence)]

    def _fits(self, index: int, passed: bool, now: float) -> bool:
        outcome: Outcome = self._node.outcomes[index]
        if outcome.unconditional:
            return True
        if outcome.condition.strip().lower() == "false":
            return False
        comparison = parse_comparison(outcome.condition)
        if comparison is not None:
            return holds(comparison.test, any_value(self._context, comparison.field, now), comparison.value)
        return (index == 0 and passed) or (index == len(self._node.outcomes) - 1 and not passed)


class FieldConditionBehaviour(Visit):
    """Takes the first rule that holds, else the default (contract §3.3)."""

    def __init__(self, node: FieldConditionNode, context: Context) -> None:
        self._node = node
        self._context = context

    def enter(self, now: float) -> list[Step]:
        """Decide and leave."""
        for index, rule in enumerate(self._node.rules):
            right = operand_value(self._context, rule.right)
            if holds(rule.operator, operand_value(self._context, rule.left), right):
                return [Leave(rule.target, rule.target, {"operator": rule.operator}, {"matchedRuleIndex": index})]
        return [Leave(self._node.default, self._node.default, {"reason": "no rule holds"})]
