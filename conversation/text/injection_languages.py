"""Words with which people instruct a machine in other languages: to ignore its rules, or to call them verified.

A pattern is an imperative with its object near it; each alone is ordinary speech.
"""

import re

_NEAR = r".{0,40}"

_VERB_FIRST: tuple[tuple[str, str], ...] = (
    # Spanish
    (r"\b(?:ignor|olvid|omit|descart)(?:[ae]n?|alo|en)\b", r"\b(?:instrucci\w+|reglas|anteriores?|todo lo anterior)\b"),
    (r"\b(?:m[aá]rc|clasif[ií]c|reg[ií]str|consid[eé]r)\w*", r"\bcomo (?:verificad|aprobad|aceptad|v[aá]lid)\w*"),
    # French
    (
        r"\b(?:ignore|oublie|n[eé]glige|contourne)[rz]?\b",
        r"\b(?:instructions?|r[eè]gles|consignes|pr[eé]c[eé]dent\w*)\b",
    ),
    (r"\b(?:marqu|class|enregistr|consid[eé]r)ez?\b", r"\bcomme (?:v[eé]rifi|accept|valid|approuv|confirm)\w*"),
    # German
    (
        r"\b(?:ignoriere?|vergiss|vergessen sie|missachte|umgehe)\b",
        r"\b(?:anweisung|regeln|vorgaben|alles|instruktion)\w*",
    ),
    (
        r"\b(?:markier|setz|behandle|stuf|trag)\w*",
        r"\bals (?:verifiziert|best[aä]tigt|akzeptiert|gepr[uü]ft|erf[uü]llt)\b",
    ),
    # Portuguese
    (
        r"\b(?:ignor[ae]m?|esque[çc][ae]m?|descart[ae]m?|desconsider[ae]m?)\b",
        r"\b(?:instru[çc][õo]es|regras|anteriores)\b",
    ),
    (r"\b(?:marqu|classifi|regist|consider)\w*", r"\bcomo (?:verificad|aprovad|aceit|v[aá]lid)\w*"),
    # Italian
    (r"\b(?:ignor[ai]|dimentica(?:te)?|tralascia)\b", r"\b(?:istruzioni|regole|precedenti)\b"),
    (r"\b(?:segn|contrassegn|consider|registr)\w*", r"\bcome (?:verificat|approvat|accettat|valid)\w*"),
    # Dutch
    (r"\b(?:negeer|vergeet)\b", r"\b(?:instructies|regels|opdrachten|voorgaande|alles wat)\b"),
    (r"\b(?:markeer|registreer|behandel|zet)\b", r"\bals (?:geverifieerd|goedgekeurd|geaccepteerd|bevestigd)\b"),
    # Polish
    (r"\b(?:zignoruj|ignoruj|zapomnij|pomi[nń])\b", r"\b(?:instrukcj|polece[nń]|zasad|poprzedni|regu[lł])\w*"),
    (r"\b(?:oznacz|uznaj|zapisz|potraktuj)\b", r"\bjako (?:zweryfikowan|zatwierdzon|potwierdzon|zaakceptowan)\w*"),
    # Russian
    (r"\b(?:игнорируй|проигнорируй|забудь|пропусти)(?:те)?\b", r"\b(?:инструкци|правил|указани|предыдущ|команд)\w*"),
    (
        r"\b(?:отметь|пометь|считай|запиши|зарегистрируй)(?:те)?\b",
        r"\bкак (?:проверен|подтвержд|верифицир|одобрен|принят)\w*",
    ),
    # Arabic
    (r"(?:تجاهل|انسَ?|تخطَّ?)", r"(?:التعليمات|تعليماتك|القواعد|الأوامر|السابقة)"),
    (r"(?:ضع علامة|سجل|اعتبر|صنف)", r"(?:موثق|تم التحقق|مقبول|معتمد)"),
    # Chinese
    (r"(?:忽略|无视|無視|忘记|忘記|跳过|跳過)", r"(?:指令|指示|规则|規則|之前|以上)"),
    (r"(?:标记|標記|设为|設為|视为|視為)", r"(?:已验证|已驗證|通过|通過|已批准|有效)"),
)
_VERB_LAST: tuple[tuple[str, str], ...] = (
    # German
    (r"\b(?:anweisung|vorgabe|instruktion)\w*", r"\b(?:ignorieren|vergessen|missachten|[uü]bergehen)\b"),
    # Turkish
    (r"\b(?:talimat|kural|komut|[oö]nceki)\w*", r"\b(?:yok say|g[oö]rmezden gel|unut\b|atla\b|dikkate alma)"),
    (
        r"\b(?:do[gğ]rulanm[iı][sş]|onaylanm[iı][sş]|kabul edilmi[sş])\w*",
        r"\b(?:i[sş]aretle|kaydet|kabul et|say\b)",
    ),
    # Japanese
    (r"(?:指示|命令|ルール|規則)", r"(?:無視して|忘れて|スキップして)"),
    (r"(?:確認済|承認済|認証済)", r"(?:マークして|登録して|設定して|記録して)"),
    # Chinese
    (r"(?:把我|将我|將我)", r"(?:标记|標記|设为|設為|视为|視為)"),
)
PATTERNS = tuple(re.compile(f"{first}{_NEAR}{second}", re.IGNORECASE) for first, second in (*_VERB_FIRST, *_VERB_LAST))
